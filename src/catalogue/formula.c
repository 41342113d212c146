#include "catalogue/formula.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/portset.h"

#define TERMS_MAX  8 /* of one sum */
#define PARAMS_MAX 4 /* different ones in one element */
#define CASES_MAX  65536
/* Keeps every sum far from overflow; anything above 65535 is an error anyway. */
#define NUMBER_MAX 100000000L

struct param {
	char name[FORMULA_NAME_MAX];
	const long *values;
	size_t nvalues;
	size_t at; /* which value the case being evaluated takes */
};

struct sum {
	long number;
	unsigned param[TERMS_MAX]; /* indexes into element.params */
	unsigned nparam;
};

struct element {
	struct sum low, high;
	bool range;
	struct param params[PARAMS_MAX];
	unsigned nparams;
	const char *text; /* for messages */
	int len;
};

struct parser {
	const char *p;
	formula_lookup *lookup;
	void *arg;
	char *err;
	size_t size;
};

static bool fail(struct parser *ps, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
fail(struct parser *ps, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(ps->err, ps->size, format, ap);
	va_end(ap);
	return false;
}

static void
skip(struct parser *ps)
{
	ps->p += strspn(ps->p, " ");
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
parse_number(struct parser *ps, struct sum *sum)
{
	long n = 0;

	for (; is_digit(*ps->p); ps->p++) {
		n = n * 10 + (*ps->p - '0');
		if (n > NUMBER_MAX)
			return fail(ps, "a number is too large for a port");
	}
	sum->number += n;
	return true;
}

/* The name inside ${...} at `p`; NULL when there is no whole one, else what follows. */
static const char *
parameter_name(const char *p, char name[FORMULA_NAME_MAX])
{
	const char *end;
	size_t len;

	if (p[0] != '$' || p[1] != '{')
		return NULL;
	p += 2;
	end = strchr(p, '}');
	if (end == NULL)
		return NULL;
	len = (size_t)(end - p);
	if (len == 0 || len >= FORMULA_NAME_MAX || memchr(p, '$', len) != NULL)
		return NULL;
	memcpy(name, p, len);
	name[len] = '\0';
	return end + 1;
}

static bool
parse_parameter(struct parser *ps, struct element *e, struct sum *sum)
{
	char name[FORMULA_NAME_MAX];
	const char *rest = parameter_name(ps->p, name);
	struct param *param;
	unsigned i = 0;

	if (rest == NULL)
		return fail(ps, "write a parameter as ${name}");
	while (i < e->nparams && strcmp(e->params[i].name, name) != 0)
		i++;
	if (i == e->nparams) {
		if (i == PARAMS_MAX)
			return fail(ps, "more than %d parameters", PARAMS_MAX);
		param = &e->params[i];
		memcpy(param->name, name, sizeof(name));
		param->at = 0;
		param->values = ps->lookup(ps->arg, name, &param->nvalues);
		if (param->values == NULL)
			return fail(ps, "unknown parameter \"%s\"", name);
		e->nparams++;
	}
	if (sum->nparam == TERMS_MAX)
		return fail(ps, "too many terms");
	sum->param[sum->nparam++] = i;
	ps->p = rest;
	return true;
}

static bool
parse_sum(struct parser *ps, struct element *e, struct sum *sum)
{
	for (;; ps->p++) {
		skip(ps);
		if (is_digit(*ps->p)) {
			if (!parse_number(ps, sum))
				return false;
			if (sum->number > NUMBER_MAX)
				return fail(ps, "a number is too large for a port");
		} else if (*ps->p == '$') {
			if (!parse_parameter(ps, e, sum))
				return false;
		} else if (*ps->p == '\0') {
			return fail(ps, "it ends where a number or ${name} is wanted");
		} else {
			return fail(
			    ps, "\"%.1s\" where a number or ${name} is wanted", ps->p);
		}
		skip(ps);
		if (*ps->p != '+')
			return true;
	}
}

static bool
parse_element(struct parser *ps, struct element *e)
{
	memset(e, 0, sizeof(*e));
	skip(ps);
	e->text = ps->p;
	if (!parse_sum(ps, e, &e->low))
		return false;
	if (*ps->p == '-') {
		ps->p++;
		e->range = true;
		if (!parse_sum(ps, e, &e->high))
			return false;
	}
	if (*ps->p != '\0' && *ps->p != ',')
		return fail(
		    ps, "\"%.1s\" where \"+\", \"-\" or \",\" is wanted", ps->p);
	e->len = (int)(ps->p - e->text);
	return true;
}

static long
sum_value(const struct element *e, const struct sum *sum)
{
	long n = sum->number;

	for (unsigned i = 0; i < sum->nparam; i++) {
		const struct param *p = &e->params[sum->param[i]];
		long v = p->values[p->at];

		/* A value far outside is as wrong as any and must not overflow. */
		if (v > NUMBER_MAX || v < -NUMBER_MAX)
			return v;
		n += v;
	}
	return n;
}

static bool
add_case(struct parser *ps, const struct element *e, struct portset *set)
{
	long low = sum_value(e, &e->low);
	long high = e->range ? sum_value(e, &e->high) : low;
	long bad = low < 1 || low > UINT16_MAX ? low : high;

	if (bad < 1 || bad > UINT16_MAX)
		return fail(ps, "\"%.*s\" gives port %ld, outside 1..65535", e->len,
		    e->text, bad);
	if (low > high)
		return fail(ps, "\"%.*s\" runs backwards, from %ld to %ld", e->len,
		    e->text, low, high);
	portset_add(set, (uint16_t)low, (uint16_t)high);
	return true;
}

/* Steps to the next combination of values; false after the last one. */
static bool
next_case(struct element *e)
{
	for (unsigned i = 0; i < e->nparams; i++) {
		if (++e->params[i].at < e->params[i].nvalues)
			return true;
		e->params[i].at = 0;
	}
	return false;
}

static bool
eval_element(struct parser *ps, struct element *e, struct portset *set)
{
	size_t cases = 1;

	for (unsigned i = 0; i < e->nparams; i++) {
		if (e->params[i].nvalues == 0)
			return true;
		if (e->params[i].nvalues > CASES_MAX / cases)
			return fail(ps, "the parameters have too many values");
		cases *= e->params[i].nvalues;
	}
	do {
		if (!add_case(ps, e, set))
			return false;
	} while (next_case(e));
	return true;
}

bool
formula_eval(const char *text, formula_lookup *lookup, void *arg, struct portset *out,
    char *err, size_t size)
{
	struct parser ps = { text, lookup, arg, err, size };
	struct portset set = { 0 };
	struct element e;

	skip(&ps);
	if (*ps.p != '\0') {
		for (;; ps.p++) {
			if (!parse_element(&ps, &e) || !eval_element(&ps, &e, &set)) {
				portset_clear(&set);
				return false;
			}
			if (*ps.p == '\0')
				break;
		}
	}
	*out = set;
	return true;
}

bool
formula_has_parameter(const char *text)
{
	char name[FORMULA_NAME_MAX];

	for (; *text != '\0'; text++) {
		if (parameter_name(text, name) != NULL)
			return true;
	}
	return false;
}

void
formula_parameters(
    const char *text, void (*each)(void *arg, const char *name), void *arg)
{
	char name[FORMULA_NAME_MAX];

	for (; *text != '\0'; text++) {
		if (parameter_name(text, name) != NULL)
			each(arg, name);
	}
}

const char *
formula_display(const char *text, char *buf, size_t size)
{
	char name[FORMULA_NAME_MAX];
	const char *rest;
	size_t len = 0;

	buf[0] = '\0';
	while (*text != '\0' && len + 1 < size) {
		rest = parameter_name(text, name);
		if (rest != NULL) {
			len += (size_t)snprintf(buf + len, size - len, "%s", name);
			text = rest;
		} else {
			buf[len++] = *text++;
			buf[len] = '\0';
		}
	}
	return buf;
}
