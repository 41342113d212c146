#ifndef SVCPORT_EXPORTWORDS_H
#define SVCPORT_EXPORTWORDS_H

/*
 * What templates of importer files can say; `ctx` of both tables is a const struct
 * export_context.  A value without NAME is about the innermost list's element.
 *
 *   version root          svcport's version, the module's OID
 *   community             the one to ask with
 *   name [NAME]           the node's own name, for the error when it is not there
 *   oid brief descr units [NAME]     of a node; brief is the first sentence
 *   map [NAME]            what its labels are called: a convention or itself
 *   number ENUM LABEL     the number behind a label of an object or convention
 *   turn arc              the list's turn from 1; the OID's last number
 *   label value words     of a label: "closedRequired", 7, "closed required"
 *   case VALUE IS=TEXT... the text for what a value is
 *   type severity state   of a notification: its "--#" comments
 *   clear clear-oid       of a raising notification: the one that ends it
 *   key key-oid key-turn  the varbind that both have equal
 *   key-variable          "$4", or "-" when there is none
 *   varbinds              how many there are, which is where the message stands
 *   uuid TEXT             an identifier, the same for the same text and node
 *   local                 the name of the host that the plan is for
 *   check index citation  of a check
 *
 *   each auths            once in snmp_exporter's newer format, else not
 *   each labelled [NAME]  once for a node with labels, else not
 *   each label [ENUM], enumeration, column ENTRY, scalar PARENT, notification, raise,
 * varbind, check
 */

#include "base/template.h"

extern const struct template_value exportwords_values[];
extern const struct template_list exportwords_lists[];

#endif
