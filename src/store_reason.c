#include "store.h"

#include <stdio.h>
#include <string.h>

#include "plan.h"
#include "reason.h"
#include "text.h"

/* The facts that only the row knows, before or instead of the code's words. */
static void
facts(const struct store *s, const struct check *c, const struct row *row, char *buf,
    size_t size)
{
	char name[PLAN_NAME_MAX];
	char words[160];

	reason_text((enum reason)row->reason, row->error, words, sizeof(words));
	switch ((enum reason)row->reason) {
	case REASON_SATISFIED_BY:
	case REASON_SEE:
		snprintf(buf, size, "%s %s", words,
		    row->other < s->plan->nchecks
			? plan_check_name(s->plan, &s->plan->checks[row->other], name)
			: "another");
		return;
	case REASON_PARTIAL:
		snprintf(buf, size, "%u of %u documented ports open", row->open_ports,
		    portset_size(&c->ports));
		return;
	default:
		break;
	}
	snprintf(buf, size, "%s", words);
}

/* What qualifies the expectation, for rows that are shown but judged otherwise. */
static const char *
qualifier(const struct check *c)
{
	if ((c->flags & CHECK_VERSION_OFF) != 0)
		return "not in the product's version here; ";
	if ((c->flags & CHECK_FEATURE_OFF) != 0)
		return "optional while its feature is not in use; ";
	return "";
}

const char *
store_reason(const struct store *s, uint32_t check, char *buf, size_t size)
{
	const struct check *c = &s->plan->checks[check];
	const struct row *row = &s->rows[check];
	const struct plan_catalogue *pc = &s->plan->cats[c->cat];
	const struct service *service = plan_service(s->plan, c);
	const char *seen = "";
	char why[512];
	char text[1400];

	facts(s, c, row, why, sizeof(why));
	if ((c->flags & CHECK_FOREIGN) != 0)
		seen = "; seen from here, not from a documented source";
	snprintf(text, sizeof(text), "%s%s%s [%s, %s, line %u]", qualifier(c), why,
	    seen, pc->cat->title, service->section, service->line);
	text_copy(buf, size, text);
	return buf;
}
