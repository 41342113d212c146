#ifndef SVCPORT_LOG_H
#define SVCPORT_LOG_H

/*
 * One line per event, to stderr or syslog.  A line names a token (the module that
 * speaks: "conf", "listen", "probe", "alarm", "agentx", "notify", "journal", ...), the
 * object and the cause.  Debug lines are printed only for tokens enabled with -d.
 * Thread-safe; no call allocates.
 */

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Starts logging as `program`: to syslog(3), or to stderr where `to_stderr`; with
 * stderr connected to the journal lines carry sd-daemon(3) priority prefixes. */
void log_open(const char *program, bool to_stderr);

/* Enables debug lines: "all", or a list of tokens joined by ','. */
void log_debug_tokens(const char *tokens);

/* True when debug lines of `token` are printed. */
bool log_debugging(const char *token);

void log_line(enum log_level level, const char *token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(token, ...)                                          \
	do {                                                           \
		if (log_debugging(token))                              \
			log_line(LOG_LEVEL_DEBUG, token, __VA_ARGS__); \
	} while (0)

/*
 * A limiter for lines that could flood: `burst` lines a minute.  `now_s` is any clock
 * in seconds.  Returns true when the caller may print; *skipped is then how many lines
 * the minutes before left out.
 */
struct log_limit {
	long long minute; /* that `count` belongs to */
	unsigned count;
	unsigned skipped;
};
bool log_allow(
    struct log_limit *limit, unsigned burst, long long now_s, unsigned *skipped);

#endif
