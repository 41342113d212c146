#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "handler.h"

#include <string.h>

#include "mibview.h"
#include "settx.h"
#include "mibwalk.h"

/* Lower wins; the default is 127.  Fixed, so that a second instance in the same context
 * is refused as a duplicate instead of shadowing the first. */
#define PRIORITY 127

static struct handler_config conf;

/* A name of the library as ours, with the length of the part below the root or -1, as
 * mibview_below(). */
static long
take_name(const netsnmp_variable_list *var, uint32_t name[MAX_OID_LEN], bool *before)
{
	for (size_t i = 0; i < var->name_length; i++)
		name[i] = (uint32_t)var->name[i];
	return mibview_below(conf.view, name, var->name_length, before);
}

static void
set_name(const struct mibview *v, const struct mibwalk_place *place,
    netsnmp_variable_list *var)
{
	uint32_t tail[MIBWALK_NAME_MAX];
	size_t n = mibwalk_name(v, place, tail);
	oid name[VALUE_OID_MAX + MIBWALK_NAME_MAX];

	for (size_t i = 0; i < v->root_len; i++)
		name[i] = v->root[i];
	for (size_t i = 0; i < n; i++)
		name[v->root_len + i] = tail[i];
	snmp_set_var_objid(var, name, v->root_len + n);
}

static void
set_value(const struct mibview *v, const struct mibwalk_place *place,
    netsnmp_variable_list *var)
{
	struct value value;
	oid name[VALUE_OID_MAX];
	long number;

	place->column->get(v, place->row, &value);
	switch (value.type) {
	case VALUE_STRING:
		snmp_set_var_typed_value(var, ASN_OCTET_STR, value.bytes, value.len);
		return;
	case VALUE_OID:
		for (size_t i = 0; i < value.len; i++)
			name[i] = value.room.oid[i];
		snmp_set_var_typed_value(
		    var, ASN_OBJECT_ID, name, value.len * sizeof(*name));
		return;
	case VALUE_INTEGER:
		number = (int32_t)value.number;
		break;
	case VALUE_COUNTER:
	case VALUE_GAUGE:
	case VALUE_TICKS:
		number = (long)value.number;
		break;
	}
	snmp_set_var_typed_value(
	    var, (u_char)value.type, (const u_char *)&number, sizeof(number));
}

static void
answer_get(const struct mibview *v, netsnmp_agent_request_info *info,
    netsnmp_request_info *request)
{
	netsnmp_variable_list *var = request->requestvb;
	struct mibwalk_place place;
	uint32_t name[MAX_OID_LEN];
	bool before;
	long n = take_name(var, name, &before);
	enum mibwalk_result result = MIBWALK_NO_OBJECT;

	if (n >= 0)
		result = mibwalk_find(v, name + v->root_len, (size_t)n, &place);
	if (result == MIBWALK_FOUND)
		set_value(v, &place, var);
	else
		netsnmp_set_request_error(info, request,
		    result == MIBWALK_NO_OBJECT ? SNMP_NOSUCHOBJECT
						: SNMP_NOSUCHINSTANCE);
}

/* At the end the variable is left as it is: the library goes on behind the subtree. */
static void
answer_next(const struct mibview *v, netsnmp_request_info *request)
{
	netsnmp_variable_list *var = request->requestvb;
	struct mibwalk_place place;
	uint32_t name[MAX_OID_LEN];
	bool before;
	long n = take_name(var, name, &before);

	if (n < 0 && !before)
		return;
	if (!mibwalk_next(v, name + v->root_len, n > 0 ? (size_t)n : 0,
		request->inclusive != 0, &place))
		return;
	set_name(v, &place, var);
	set_value(v, &place, var);
}

/* A number to be written; of any other type RESERVE has made an end before the value
 * counts. */
static int64_t
number_of(const netsnmp_variable_list *var)
{
	if (var->val.integer == NULL || var->val_len != sizeof(*var->val.integer))
		return -1;
	return var->type == ASN_INTEGER ? *var->val.integer
	                                : (int64_t)(uint32_t)*var->val.integer;
}

static enum settx_error
set_phase(int mode, long id, const netsnmp_variable_list *var)
{
	uint32_t name[MAX_OID_LEN];
	const uint32_t *tail;
	bool before;
	long n = take_name(var, name, &before);

	if (mode != MODE_SET_RESERVE1 && mode != MODE_SET_ACTION)
		return SETTX_OK;
	if (conf.set == NULL || n < 0)
		return SETTX_NOT_WRITABLE;
	tail = name + conf.view->root_len;
	if (mode == MODE_SET_ACTION)
		return settx_action(conf.set, id, tail, (size_t)n, number_of(var));
	return settx_reserve(conf.set, tail, (size_t)n, var->type, number_of(var));
}

/* All varbinds of a SET that are ours come in one call, since there is one
 * registration. */
static void
answer_set(netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	long id = info->asp->pdu->transid;

	if (info->mode == MODE_SET_RESERVE1 && conf.set != NULL)
		settx_begin(conf.set, id);
	for (netsnmp_request_info *r = requests; r != NULL; r = r->next) {
		enum settx_error error;

		if (r->processed)
			continue;
		error = set_phase(info->mode, id, r->requestvb);
		if (error != SETTX_OK) {
			netsnmp_set_request_error(info, r, (int)error);
			return;
		}
	}
	if (info->mode == MODE_SET_UNDO && conf.set != NULL) {
		enum settx_error error = settx_undo(conf.set, id);

		if (error != SETTX_OK)
			netsnmp_set_request_error(info, requests, (int)error);
	}
	if ((info->mode == MODE_SET_COMMIT || info->mode == MODE_SET_FREE) &&
	    conf.set != NULL)
		settx_end(conf.set, id);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	(void)handler, (void)registration;
	conf.before(conf.arg);
	if (MODE_IS_SET(info->mode)) {
		answer_set(info, requests);
		return SNMP_ERR_NOERROR;
	}
	for (netsnmp_request_info *r = requests; r != NULL; r = r->next) {
		if (r->processed)
			continue;
		if (info->mode == MODE_GET)
			answer_get(conf.view, info, r);
		else
			answer_next(conf.view, r);
	}
	return SNMP_ERR_NOERROR;
}

void
handler_register(const struct handler_config *config)
{
	const struct mibview *v = config->view;
	netsnmp_handler_registration *reg;
	oid root[VALUE_OID_MAX];

	conf = *config;
	for (size_t i = 0; i < v->root_len; i++)
		root[i] = v->root[i];
	reg = netsnmp_create_handler_registration(
	    "svcPortMIB", handle, root, v->root_len, HANDLER_CAN_RWRITE);
	if (config->context[0] != '\0')
		reg->contextName = strdup(config->context);
	reg->priority = PRIORITY;
	netsnmp_register_handler(reg);
}
