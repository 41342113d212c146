#include "catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void
free_service(struct service *s)
{
	free(s->section);
	free(s->name);
	free(s->descr);
	free(s->ports);
	free(s->from);
	free(s->to);
	free(s->alternative_name);
	free(s->application);
	free(s->encryption);
	free(s->executable);
	free(s->versions);
	free(s->note);
	free(s->payload.bytes);
	free(s->reply);
}

static void
free_parts(struct catalogue *c)
{
	for (size_t i = 0; i < c->nroles; i++) {
		free(c->roles[i].name);
		free(c->roles[i].descr);
	}
	for (size_t i = 0; i < c->nfeatures; i++) {
		free(c->features[i].name);
		free(c->features[i].descr);
	}
	for (size_t i = 0; i < c->nparameters; i++) {
		free(c->parameters[i].name);
		free(c->parameters[i].defaults);
		free(c->parameters[i].descr);
	}
	for (size_t i = 0; i < c->nservices; i++)
		free_service(&c->services[i]);
	for (size_t i = 0; i < c->nfiles; i++)
		free(c->files[i]);
}

void
catalogue_free(struct catalogue *c)
{
	if (c == NULL)
		return;
	free_parts(c);
	free(c->file);
	free(c->files);
	free(c->name);
	free(c->vendor);
	free(c->product);
	free(c->version);
	free(c->title);
	free(c->revision);
	free(c->roles);
	free(c->features);
	free(c->parameters);
	free(c->services);
	free(c);
}

int
catalogue_role(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->nroles; i++) {
		if (strcmp(c->roles[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

int
catalogue_feature(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->nfeatures; i++) {
		if (strcmp(c->features[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

int
catalogue_parameter(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->nparameters; i++) {
		if (strcmp(c->parameters[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

const struct service *
catalogue_service(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->nservices; i++) {
		if (strcmp(c->services[i].name, name) == 0)
			return &c->services[i];
	}
	return NULL;
}

const struct service *
catalogue_service_number(const struct catalogue *c, unsigned number)
{
	size_t low = 0;
	size_t high = c->nservices;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c->services[mid].number == number)
			return &c->services[mid];
		if (c->services[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *
catalogue_roles_text(
    const struct catalogue *c, const struct service *s, bool to, char *buf, size_t size)
{
	const uint16_t *roles = to ? s->to : s->from;
	size_t n = to ? s->nto : s->nfrom;
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const char *name = c->roles[roles[i]].name;
		size_t need = strlen(name) + (i != 0);

		if (len + need + 1 > size)
			break;
		snprintf(buf + len, size - len, "%s%s", i != 0 ? ";" : "", name);
		len += need;
	}
	return buf;
}

enum expected
catalogue_expected(const struct service *s)
{
	if (s->expect == REQUIRE_CLOSED)
		return EXPECTED_CLOSED;
	if (s->scope == REACH_LOCAL)
		return EXPECTED_LOCAL;
	if (s->expect == REQUIRE_UNSPECIFIED)
		return EXPECTED_UNSPECIFIED;
	if (s->expect == REQUIRE_OPTIONAL || s->feature >= 0)
		return EXPECTED_OPTIONAL;
	return s->expect == REQUIRE_REQUIRED ? EXPECTED_REQUIRED : EXPECTED_RECOMMENDED;
}

/* Whether one of the roles is, or is not, a part of the product itself. */
static bool
has_own(const struct catalogue *c, const uint16_t *roles, size_t n, bool own)
{
	for (size_t i = 0; i < n; i++) {
		if (c->roles[roles[i]].own == own)
			return true;
	}
	return false;
}

enum direction
catalogue_direction(const struct catalogue *c, const struct service *s)
{
	bool own_from = has_own(c, s->from, s->nfrom, true);
	bool own_to = has_own(c, s->to, s->nto, true);
	bool in = own_to && has_own(c, s->from, s->nfrom, false);
	bool out = own_from && has_own(c, s->to, s->nto, false);

	if (in && out)
		return DIRECTION_BOTH;
	if (in)
		return DIRECTION_INBOUND;
	if (out)
		return DIRECTION_OUTBOUND;
	return own_from && own_to ? DIRECTION_INTERNAL : DIRECTION_UNSPECIFIED;
}

const char *
catalogue_note(const struct service *s, char *buf, size_t size)
{
	/* Room for the longest parts, so that only the whole is cut. */
	char text[1024];
	size_t len = 0;

#define PART(...) (len += (size_t)snprintf(text + len, sizeof(text) - len, __VA_ARGS__))
	if (s->executable[0] != '\0')
		PART("executable: %s; ", s->executable);
	if (s->configurable)
		PART("configurable: yes; ");
	if (!s->default_on)
		PART("default: off; ");
	if (s->versions[0] != '\0')
		PART("versions: %s; ", s->versions);
#undef PART
	snprintf(text + len, sizeof(text) - len, "%s", s->note);
	if (s->note[0] == '\0' && len >= 2)
		text[len - 2] = '\0';
	len = utf8_cut(text, size - 1);
	memcpy(buf, text, len);
	buf[len] = '\0';
	return buf;
}
