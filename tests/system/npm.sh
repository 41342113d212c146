# shellcheck shell=bash
# shellcheck disable=SC2154 # variables of tests/integration/lib.sh
# Packages from npm for a test, beside tests/integration/lib.sh: into a directory of the
# test's, without scripts of theirs, versions as tests/system/npm/package.json has them.

# npm_install: after it `node` finds them, with NODE_PATH
npm_install() {
	cp -r "$srcdir/tests/system/npm" "$work/npm"
	chmod -R u+w "$work/npm"
	(cd "$work/npm" && npm install --ignore-scripts --no-audit --no-fund --no-save \
		--no-package-lock >"$work/npm.log" 2>&1 </dev/null) ||
		fail "npm install: $(tail -n 5 "$work/npm.log")"
	export NODE_PATH=$work/npm/node_modules
}
