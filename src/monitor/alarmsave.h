#ifndef SVCPORT_ALARMSAVE_H
#define SVCPORT_ALARMSAVE_H

/* Active alarms and mutes as the journal keeps them: one key each. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/alarms.h"

struct journal;
struct plan;
struct stray;

#define ALARMSAVE_ALARMS "alarm/"
#define ALARMSAVE_MUTES  "mute/"

void alarmsave_put(struct journal *j, const struct alarm_saved *a);
/* The alarm of an undocumented listener. */
void alarmsave_put_stray(struct journal *j, const struct stray *s);
/* And back; false when the alarm is of another type, or its listener is not readable.
 */
bool alarmsave_stray(const struct alarm_saved *a, struct stray *out);
void alarmsave_drop(struct journal *j, uint32_t index);
/* until 0 drops it. */
void alarmsave_mute(struct journal *j, const struct mute_saved *m);

/* Everything that the journal holds; arrays that the caller frees. */
struct alarmsave {
	struct alarm_saved *alarms;
	size_t nalarms;
	struct mute_saved *mutes;
	size_t nmutes;
};
void alarmsave_load(struct journal *j, struct alarmsave *out);

#endif
