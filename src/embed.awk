# Makes C strings of text files.  Of one file: -v header=FILE.h -v name=IDENTIFIER.  Of
# several: -v header=FILE.h -v prefix=PREFIX_, each named by its file without ".in".
function identifier(file) {
	sub(/^.*\//, "", file)
	sub(/\.in$/, "", file)
	gsub(/[^A-Za-z0-9]/, "_", file)
	return prefix file
}
BEGIN {
	print "#include \"" header "\""
}
FNR == 1 {
	if (NR > 1)
		print "\t;"
	print ""
	print "const char " (name != "" ? name : identifier(FILENAME)) "[] ="
}
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	printf "\t\"%s\\n\"\n", $0
}
END {
	print "\t;"
}
