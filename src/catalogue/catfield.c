#include "catalogue/catfield.h"

#include <stdio.h>

#include "base/utf8.h"

typedef const char *field_text(
    const struct catalogue *c, const struct service *s, char *buf, size_t size);

#define STRING_FIELD(member)                                        \
	static const char *text_##member(const struct catalogue *c, \
	    const struct service *s, char *buf, size_t size)        \
	{                                                           \
		(void)c, (void)buf, (void)size;                     \
		return s->member;                                   \
	}
#define FLAG_FIELD(member)                                          \
	static const char *text_##member(const struct catalogue *c, \
	    const struct service *s, char *buf, size_t size)        \
	{                                                           \
		(void)c, (void)buf, (void)size;                     \
		return s->member ? "true" : "false";                \
	}
#define TRISTATE_FIELD(member)                                                 \
	static const char *text_##member(const struct catalogue *c,            \
	    const struct service *s, char *buf, size_t size)                   \
	{                                                                      \
		(void)c, (void)buf, (void)size;                                \
		return s->member < 0 ? "" : s->member != 0 ? "true" : "false"; \
	}

STRING_FIELD(name)
STRING_FIELD(section)
STRING_FIELD(descr)
STRING_FIELD(ports)
STRING_FIELD(alternative_name)
STRING_FIELD(application)
STRING_FIELD(encryption)
STRING_FIELD(executable)
STRING_FIELD(versions)
STRING_FIELD(note)
FLAG_FIELD(on_demand)
FLAG_FIELD(configurable)
FLAG_FIELD(default_on)
FLAG_FIELD(connect)
TRISTATE_FIELD(tls)
TRISTATE_FIELD(expect_reply)

static const char *
text_line(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	(void)c;
	snprintf(buf, size, "%u", s->line);
	return buf;
}

static const char *
text_protocol(
    const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	(void)c, (void)buf, (void)size;
	return types_proto(s->protocol);
}

static const char *
text_policy(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	static const char *const words[] = { [POLICY_SINGLE] = "",
		[POLICY_ANY] = "any",
		[POLICY_EVERY] = "every",
		[POLICY_POOL] = "pool" };

	(void)c, (void)buf, (void)size;
	return words[s->policy];
}

static const char *
text_from(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	return catalogue_roles_text(c, s, false, buf, size);
}

static const char *
text_to(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	return catalogue_roles_text(c, s, true, buf, size);
}

const char *
catfield_expect(enum requirement r)
{
	static const char *const words[] = { "required", "recommended", "optional",
		"closed", "unspecified" };

	return words[r];
}

static const char *
text_expect(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	(void)c, (void)buf, (void)size;
	return catfield_expect(s->expect);
}

static const char *
text_scope(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	static const char *const words[] = {
		[REACH_ANY] = "any", [REACH_LOCAL] = "local", [REACH_FROM] = "from"
	};

	(void)c, (void)buf, (void)size;
	return words[s->scope];
}

static const char *
text_feature(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	(void)buf, (void)size;
	return s->feature >= 0 ? c->features[s->feature].name : "";
}

static const char *
text_observe(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	(void)c, (void)buf, (void)size;
	return s->observe_set ? types_observe(s->observe) : "";
}

static const char *
text_method(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	(void)c, (void)buf, (void)size;
	switch (s->method) {
	case METHOD_CONNECT:
		return "connect";
	case METHOD_TLS:
		return "tls";
	case METHOD_SYN:
		return "syn";
	case METHOD_GREETING:
		return "greeting";
	default:
		return "";
	}
}

static const char *
text_payload(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	static const char *const words[] = { "", "off", "none", "snmp", "ntp", "dns",
		"radius", "sip", "tftp", "hex:" };
	size_t len = (size_t)snprintf(buf, size, "%s", words[s->payload.kind]);

	(void)c;
	for (size_t i = 0; i < s->payload.len && len + 2 < size; i++)
		len += (size_t)snprintf(
		    buf + len, size - len, "%02x", s->payload.bytes[i]);
	return buf;
}

/* A reply may be any octets: those that are no text are told as they may be written. */
static const char *
text_reply(const struct catalogue *c, const struct service *s, char *buf, size_t size)
{
	size_t len;

	(void)c;
	if (utf8_valid(s->reply) && !utf8_has_control(s->reply))
		return s->reply;
	len = (size_t)snprintf(buf, size, "hex:");
	for (const char *p = s->reply; *p != '\0' && len + 2 < size; p++)
		len += (size_t)snprintf(
		    buf + len, size - len, "%02x", (unsigned char)*p);
	return buf;
}

static const struct {
	const char *key;
	field_text *text;
} fields[] = {
	{ "name", text_name },
	{ "line", text_line },
	{ "section", text_section },
	{ "descr", text_descr },
	{ "protocol", text_protocol },
	{ "ports", text_ports },
	{ "policy", text_policy },
	{ "from", text_from },
	{ "to", text_to },
	{ "expect", text_expect },
	{ "scope", text_scope },
	{ "on-demand", text_on_demand },
	{ "feature", text_feature },
	{ "alternative", text_alternative_name },
	{ "application", text_application },
	{ "encryption", text_encryption },
	{ "executable", text_executable },
	{ "versions", text_versions },
	{ "configurable", text_configurable },
	{ "default-on", text_default_on },
	{ "observe", text_observe },
	{ "connect", text_connect },
	{ "method", text_method },
	{ "tls", text_tls },
	{ "payload", text_payload },
	{ "expect-reply", text_expect_reply },
	{ "reply", text_reply },
	{ "note", text_note },
};

const size_t catfield_count = sizeof(fields) / sizeof(fields[0]);

const char *
catfield_key(size_t i)
{
	return fields[i].key;
}

const char *
catfield_text(size_t i, const struct catalogue *c, const struct service *s, char *buf,
    size_t size)
{
	return fields[i].text(c, s, buf, size);
}
