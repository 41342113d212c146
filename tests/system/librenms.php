<?php

/*
 * Runs the exported trap handler on the text of a trap, as snmptrapd gives it to
 * LibreNMS: what it logs and which sensors it changes is printed.  LibreNMS is in no
 * distribution; these are the few classes of it that the handler meets, by their
 * documentation.
 *
 *     php librenms.php SvcPort.php snmptraps.php <TRAP
 */

namespace LibreNMS\Enum {
    enum Severity: int
    {
        case Unknown = 0;
        case Ok = 1;
        case Info = 2;
        case Notice = 3;
        case Warning = 4;
        case Error = 5;
    }
}

namespace App\Models {
    class Sensor
    {
        public $sensor_current = 0;

        public function __construct(private string $name)
        {
        }

        public function save(): void
        {
            echo "sensor {$this->name} = {$this->sensor_current}\n";
        }
    }

    class Query
    {
        private array $is = [];

        public function where(string $column, string $value): self
        {
            $this->is[$column] = $value;

            return $this;
        }

        public function first(): ?Sensor
        {
            $name = $this->is['sensor_type'] . ' ' . $this->is['sensor_index'];

            return getenv('NO_SENSOR') ? null : new Sensor($name);
        }
    }

    class Device
    {
        public function sensors(): Query
        {
            return new Query();
        }
    }
}

namespace LibreNMS\Interfaces {
    interface SnmptrapHandler
    {
        public function handle(\App\Models\Device $device, \LibreNMS\Snmptrap\Trap $trap);
    }
}

namespace LibreNMS\Snmptrap {
    class Trap
    {
        private array $data = [];

        public function __construct(string $text)
        {
            foreach (array_slice(explode("\n", trim($text)), 2) as $line) {
                [$oid, $value] = explode(' ', $line, 2);
                $this->data[$oid] = trim($value, '"');
            }
        }

        public function getTrapOid(): string
        {
            return $this->data['SNMPv2-MIB::snmpTrapOID.0'];
        }

        public function findOid(string $part): ?string
        {
            foreach (array_keys($this->data) as $oid) {
                if (str_contains($oid, $part)) {
                    return $oid;
                }
            }

            return null;
        }

        public function getOidData(?string $oid): ?string
        {
            return $this->data[$oid] ?? null;
        }

        public function log(string $message, \LibreNMS\Enum\Severity $severity, string $type): void
        {
            echo "log {$severity->name} $type: $message\n";
        }
    }
}

namespace {
    require $argv[1];
    $handlers = (require $argv[2])['trap_handlers'];
    $trap = new \LibreNMS\Snmptrap\Trap(stream_get_contents(STDIN));
    $class = $handlers[$trap->getTrapOid()] ?? exit("no handler\n");
    (new $class())->handle(new \App\Models\Device(), $trap);
}
