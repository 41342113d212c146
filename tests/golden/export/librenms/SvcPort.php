<?php

/*
 * SVCPORT-MIB's notifications for LibreNMS, made by `svcport export librenms`.  Goes to
 * LibreNMS/Snmptrap/Handlers/SvcPort.php.
 */

namespace LibreNMS\Snmptrap\Handlers;

use App\Models\Device;
use LibreNMS\Enum\Severity;
use LibreNMS\Interfaces\SnmptrapHandler;
use LibreNMS\Snmptrap\Trap;

class SvcPort implements SnmptrapHandler
{
    /** How a notification is logged. */
    private const SEVERITIES = [
        'SVCPORT-MIB::svcPortRequiredClosed' => Severity::Error,
        'SVCPORT-MIB::svcPortRequiredRestored' => Severity::Ok,
        'SVCPORT-MIB::svcPortRecommendedClosed' => Severity::Warning,
        'SVCPORT-MIB::svcPortRecommendedRestored' => Severity::Ok,
        'SVCPORT-MIB::svcPortForbiddenOpen' => Severity::Warning,
        'SVCPORT-MIB::svcPortForbiddenRestored' => Severity::Ok,
        'SVCPORT-MIB::svcPortHostDown' => Severity::Error,
        'SVCPORT-MIB::svcPortHostUp' => Severity::Ok,
        'SVCPORT-MIB::svcPortHeartbeat' => Severity::Ok,
        'SVCPORT-MIB::svcPortInventoryChange' => Severity::Warning,
        'SVCPORT-MIB::svcPortNotifyOverflow' => Severity::Error,
        'SVCPORT-MIB::svcPortQueueFull' => Severity::Error,
        'SVCPORT-MIB::svcPortQueueDrained' => Severity::Ok,
        'SVCPORT-MIB::svcPortUndocumentedOpen' => Severity::Warning,
        'SVCPORT-MIB::svcPortUndocumentedGone' => Severity::Ok,
        'SVCPORT-MIB::svcPortNotEncrypted' => Severity::Warning,
        'SVCPORT-MIB::svcPortEncryptionRestored' => Severity::Ok,
    ];

    /** The state sensors that notifications bring up to date, and the words of states. */
    private const STATES = [
        'svcPortCheckVerdict' => [
            'compliant' => 1,
            'notEvaluated' => 2,
            'unknown' => 3,
            'closedRecommended' => 4,
            'notEncrypted' => 5,
            'openForbidden' => 6,
            'closedRequired' => 7,
        ],
        'svcPortHostState' => [
            'reachable' => 1,
            'unreachable' => 2,
            'unknown' => 3,
        ],
    ];

    public function handle(Device $device, Trap $trap)
    {
        $message = $trap->getOidData($trap->findOid('SVCPORT-MIB::svcPortNotifyMessage'));
        $trap->log($message, self::SEVERITIES[$trap->getTrapOid()] ?? Severity::Info, 'svcport');
        foreach (self::STATES as $type => $words) {
            $this->update($device, $trap, $type, $words);
        }
    }

    private function update(Device $device, Trap $trap, string $type, array $words): void
    {
        $name = "SVCPORT-MIB::$type.";
        $oid = (string) $trap->findOid($name);
        if ($oid === '') {
            return;
        }
        $word = (string) $trap->getOidData($oid);
        $value = $words[$word] ?? (is_numeric($word) ? (int) $word : null);
        $sensor = $device->sensors()
            ->where('sensor_type', $type)
            ->where('sensor_index', substr($oid, strlen($name)))
            ->first();
        if ($sensor !== null && $value !== null) {
            $sensor->sensor_current = $value;
            $sensor->save();
        }
    }
}
