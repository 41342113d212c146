# Makes a C string of a text file.
BEGIN {
	print "#include \"mibtext.h\""
	print ""
	print "const char mibtext_template[] ="
}
{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	printf "\t\"%s\\n\"\n", $0
}
END {
	print "\t;"
}
