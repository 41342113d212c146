#include "engine.h"

#include <stdlib.h>
#include <string.h>

/* Discovery is in the name of nobody, whom the library has to know. */
static void
know_nobody(void)
{
	static char empty[] = "";
	struct usmUser *nobody;

	if (usm_get_user(NULL, 0, empty) != NULL)
		return;
	nobody = usm_create_user();
	if (nobody == NULL)
		return;
	nobody->name = strdup("");
	nobody->secName = strdup("");
	usm_add_user(nobody);
}

netsnmp_pdu *
engine_request(void)
{
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	know_nobody();
	pdu->version = SNMP_VERSION_3;
	pdu->securityName = strdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	return pdu;
}

static void
set_engine(u_char **where, size_t *len, const netsnmp_pdu *pdu)
{
	free(*where);
	*where = malloc(pdu->securityEngineIDLen);
	*len = 0;
	if (*where != NULL) {
		memcpy(*where, pdu->securityEngineID, pdu->securityEngineIDLen);
		*len = pdu->securityEngineIDLen;
	}
}

bool
engine_take(netsnmp_session *session, const netsnmp_pdu *pdu)
{
	if (pdu->command != SNMP_MSG_REPORT || pdu->securityEngineIDLen == 0)
		return false;
	set_engine(&session->securityEngineID, &session->securityEngineIDLen, pdu);
	if (session->contextEngineIDLen == 0)
		set_engine(
		    &session->contextEngineID, &session->contextEngineIDLen, pdu);
	return usm_create_user_from_session(session) == SNMPERR_SUCCESS;
}

const char *
engine_report_text(const netsnmp_pdu *pdu)
{
	static const oid stats[] = { 1, 3, 6, 1, 6, 3, 15, 1, 1 };
	static const char *const words[] = { NULL,
		"this user may not ask at this security level (-l)",
		"its clock and the SNMPv3 time window disagree",
		"it does not know this SNMPv3 user (-u)",
		"it has another SNMPv3 engine than it said",
		"another authentication protocol or passphrase (-a, -A)",
		"another privacy protocol or passphrase (-x, -X)" };
	const netsnmp_variable_list *v = pdu->variables;
	size_t n = sizeof(stats) / sizeof(stats[0]);

	if (v != NULL && v->name_length > n &&
	    memcmp(v->name, stats, sizeof(stats)) == 0 && v->name[n] > 0 &&
	    v->name[n] < sizeof(words) / sizeof(words[0]))
		return words[v->name[n]];
	return "the agent refuses the SNMPv3 message";
}
