#ifndef SVCPORT_SCREEN_H
#define SVCPORT_SCREEN_H

/*
 * The terminal, for a program that fills it: plain ANSI (ECMA-48), xterm's alternate
 * screen, and the signals that go with it.  One at a time.
 */

#include <stdbool.h>
#include <stddef.h>

/* Takes the terminal over: no echo, keys at once, no line wrap, no cursor.  -1 when
 * standard input or output is no terminal. */
int screen_open(void);
/* As it was before. */
void screen_close(void);

/* Columns and lines, 80 and 24 where the terminal does not say. */
void screen_size(unsigned *width, unsigned *height);

/* Whether SIGINT, SIGTERM or SIGHUP came, or the terminal went. */
bool screen_ended(void);
/* After SIGTSTP (Ctrl-Z): gives the terminal back, stops, takes it again when
 * continued, and returns true: what was on it is gone. */
bool screen_suspended(void);

/* What was typed, at most size - 1 octets; 0 when there is nothing. */
size_t screen_keys(char *buf, size_t size);

#endif
