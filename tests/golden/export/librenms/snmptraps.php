<?php

/*
 * Lines for LibreNMS' config/snmptraps.php, into its 'trap_handlers', made by `svcport
 * export librenms snmptraps.php`.
 */

return [
    'trap_handlers' => [
        'SVCPORT-MIB::svcPortRequiredClosed' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortRequiredRestored' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortRecommendedClosed' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortRecommendedRestored' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortForbiddenOpen' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortForbiddenRestored' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortHostDown' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortHostUp' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortHeartbeat' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortInventoryChange' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortNotifyOverflow' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortQueueFull' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortQueueDrained' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortUndocumentedOpen' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortUndocumentedGone' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortNotEncrypted' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
        'SVCPORT-MIB::svcPortEncryptionRestored' => \LibreNMS\Snmptrap\Handlers\SvcPort::class,
    ],
];
