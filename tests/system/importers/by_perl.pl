# by_perl.pl DIRECTORY [AGENT]: what the module SNMP makes of the MIB, as reference.py prints
# it; with an agent the table of checks as it reads it, "NAME VERDICT".
use strict;
use warnings;
use SNMP;

my ($dir, $agent) = @ARGV;
SNMP::addMibDirs($dir);
SNMP::loadModules("SVCPORT-MIB");
SNMP::initMib();
$SNMP::use_enums = 1;

if (defined $agent) {
	my $session = SNMP::Session->new(DestHost => $agent, Version => 2,
		Community => "public") or die "no session";
	my $table = $session->gettable("svcPortCheckTable") or die $session->{ErrorStr};
	print "$_->{svcPortCheckName} $_->{svcPortCheckVerdict}\n" for values %$table;
	exit;
}
for my $node (grep { ($_->{moduleID} // "") eq "SVCPORT-MIB" } values %SNMP::MIB) {
	my $name = $node->{label};
	my @varbinds = @{$node->{varbinds} || []};
	next unless $node->{type} ne "" || @varbinds;
	next if $node->{type} =~ /^(MODID|OBJGROUP|NOTIFGROUP|MODCOMP|OBJIDENTITY)$/;
	print "oid $name ", $node->{objectID} =~ s/^\.//r, "\n";
	my %enums = %{$node->{enums} || {}};
	print "label $name $_ $enums{$_}\n" for keys %enums;
	print "varbind $name ", $_ + 1, " $varbinds[$_]\n" for 0 .. $#varbinds;
}
