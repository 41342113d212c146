# Makes of a page of README.md or docs/ the script that tests/system/walkthrough.sh runs.
#
#     awk -v page=docs/x.md -v into=DIR -f walk.awk docs/x.md
#
# A block that begins with ```sh is run as it stands, in the page's own shell.  A comment
# before a block says what else is to be made of it:
#
#     <!-- file: /etc/x.cfg -->      a reader writes the block to that file
#     <!-- ends with: 2 -->          its last command ends with that status
#     <!-- in: source -->            is run in the source tree, not where svcport is installed
#     <!-- run by: tests/x.sh -->    another test of the same run runs these commands
#
# Comments over several lines are shell, too: "<!-- before" for what a reader has and the
# fresh system has not, "<!-- test" for what must hold then.
#
# A report (-v report=1) is figures: its commands are those lines of blocks, indented ones too,
# that begin like one, and nothing runs them.
#
# Into DIR go script, source.script, and run-by: lines of "SCRIPT<tab>COMMAND".  Ends with 1
# where something could hold a command and not be run.

function bad(text) {
	print page ":" FNR ": " text
	failed = 1
}

# From here on a failure is this line's.
function at(script) {
	print "walk_at " page ":" FNR > (into "/" script)
}

function begin_block(language) {
	block = 1
	where = context == "source" ? "source.script" : "script"
	if (file != "") {
		at(where)
		print "mkdir -p \"$(dirname " file ")\"" > (into "/" where)
		print "cat >" file " <<'WALK_END'" > (into "/" where)
		kind = "file"
	} else if (run_by != "") {
		kind = "elsewhere"
	} else if (language == "sh") {
		at(where)
		kind = "run"
		blocks++
		if (status != "")
			print "walk_status " status " <<'WALK_END'" > (into "/" where)
	} else {
		kind = "shown"
		if (language == "")
			bad("a block needs its language: sh is run, text is not")
	}
}

function end_block() {
	if (kind == "file" || kind == "run" && status != "")
		print "WALK_END" > (into "/" where)
	block = 0
	file = status = context = run_by = ""
}

function block_line() {
	if (kind == "elsewhere")
		print run_by "\t" $0 > (into "/run-by")
	else if (kind != "shown")
		print > (into "/" where)
}

report {
	if (/^[ \t]*(sudo |[A-Z_]+=[^ ]+ )*(make|tests\/|\.\/|build\/)/) {
		sub(/^[ \t]*/, "")
		print > (into "/script")
	}
	next
}
comment != "" {
	if (/^-->$/)
		comment = ""
	else if (comment != "prose")
		print > (into "/script")
	next
}
block && /^```$/ { end_block(); next }
block { block_line(); next }
/^```/ { begin_block(substr($1, 4)); next }
/^<!-- (before|test)$/ {
	comment = $2
	tests += $2 == "test"
	at("script")
	next
}
/^<!-- file: .* -->$/ { file = $3; next }
/^<!-- ends with: [0-9]+ -->$/ { status = $4; next }
/^<!-- in: source -->$/ { context = $3; next }
/^<!-- run by: .* -->$/ { run_by = $4; next }
/^<!--/ { comment = /-->$/ ? "" : "prose"; next }
/^ *```/ { bad("a block inside a list is not run: begin it at the margin") }
/^(    |\t)/ { bad("indented by four: a block is to stand between ``` lines") }
END {
	if (block || comment != "")
		bad("the page ends within a block or comment")
	if (tests == 0 && !report)
		bad("no <!-- test: nothing says what must hold")
	exit failed
}
