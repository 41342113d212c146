#ifndef SVCPORT_BACKGROUND_H
#define SVCPORT_BACKGROUND_H

/*
 * Into the background as daemon(3) goes, except that the command which was started ends
 * only when the daemon is ready, with 0, or has ended, with 1: whoever starts it learns
 * whether it runs.
 */

/* Returns 0 in the daemon, or -1 with errno; before any thread is started. */
int background_enter(void);
/* The daemon is ready; without background_enter() it does nothing. */
void background_ready(void);

#endif
