#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/utf8.h"

static struct {
	const char *program;
	bool to_syslog;
	bool prefixes;    /* sd-daemon(3) "<N>" before each line */
	char tokens[256]; /* ",a,b," */
	bool all;
} state = { .program = "svcport" };

void
log_open(const char *program, bool to_stderr)
{
	state.program = program;
	state.to_syslog = !to_stderr;
	state.prefixes = to_stderr && getenv("JOURNAL_STREAM") != NULL;
	if (state.to_syslog)
		openlog(program, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void
log_debug_tokens(const char *tokens)
{
	state.all = strcmp(tokens, "all") == 0;
	snprintf(state.tokens, sizeof(state.tokens), ",%s,", tokens);
}

bool
log_debugging(const char *token)
{
	char needle[64];

	if (state.all)
		return true;
	if (state.tokens[0] == '\0')
		return false;
	snprintf(needle, sizeof(needle), ",%s,", token);
	return strstr(state.tokens, needle) != NULL;
}

void
log_line(enum log_level level, const char *token, const char *format, ...)
{
	static const int priority[] = { LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
	static const char *const words[] = { "error: ", "warning: ", "", "debug: " };
	char text[1024];
	char line[1200];
	va_list ap;
	int n;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	utf8_clean(text, ' '); /* files and peers must not forge lines */
	if (state.to_syslog) {
		syslog(priority[level], "%s: %s%s", token, words[level], text);
		return;
	}
	if (state.prefixes)
		n = snprintf(line, sizeof(line), "<%d>%s: %s%s\n", priority[level],
		    token, words[level], text);
	else
		n = snprintf(line, sizeof(line), "%s: %s: %s%s\n", state.program, token,
		    words[level], text);
	if (n > 0)
		(void)!write(STDERR_FILENO, line, (size_t)n);
}

bool
log_allow(struct log_limit *limit, unsigned burst, long long now_s, unsigned *skipped)
{
	*skipped = 0;
	if (now_s / 60 != limit->minute) {
		limit->minute = now_s / 60;
		limit->count = 0;
		*skipped = limit->skipped;
		limit->skipped = 0;
	}
	if (limit->count >= burst) {
		limit->skipped++;
		return false;
	}
	limit->count++;
	return true;
}
