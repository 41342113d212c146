#ifndef SVCPORT_ALARMSAVE_H
#define SVCPORT_ALARMSAVE_H

/* Active alarms and mutes as the journal keeps them: one key each. */

#include <stddef.h>
#include <stdint.h>

#include "alarms.h"

struct journal;
struct plan;

#define ALARMSAVE_ALARMS "alarm/"
#define ALARMSAVE_MUTES  "mute/"

/* What outlives the plan of an alarm on one of its rows. */
struct alarm_saved alarmsave_of(const struct plan *plan, const struct alarm_row *row);

void alarmsave_put(struct journal *j, const struct alarm_saved *a);
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
