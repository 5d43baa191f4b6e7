/* What of FreeSWITCH's API exists only as macros, inline functions or with variable arguments, as plain functions. */
#ifndef CALLCENTER_SHIM_H
#define CALLCENTER_SHIM_H

#include <switch.h>

/* Where in our source a call comes from: FreeSWITCH puts it into its log. */
typedef struct {
	const char *file;
	int line;
} callcenter_place_t;

void callcenter_log(callcenter_place_t place, const char *uuid, switch_log_level_t level, const char *text);
switch_status_t callcenter_stream_write(switch_stream_handle_t *stream, const char *text);

switch_core_session_t *callcenter_session_locate(const char *uuid);
/* Finds a session whose channel has hung up as well, as long as it is not being destroyed. */
switch_core_session_t *callcenter_session_locate_hungup(const char *uuid);

int callcenter_channel_ready(switch_channel_t *channel);
int callcenter_channel_up(switch_channel_t *channel);
switch_status_t callcenter_channel_answer(switch_channel_t *channel);
void callcenter_channel_stop_broadcast(switch_channel_t *channel);
void callcenter_channel_hangup(callcenter_place_t place, switch_channel_t *channel, switch_call_cause_t cause);
void callcenter_channel_set_state(callcenter_place_t place, switch_channel_t *channel, switch_channel_state_t state);
/* The value is a copy in the session's memory. */
const char *callcenter_channel_variable(switch_channel_t *channel, const char *name);
void callcenter_channel_set_variable(switch_channel_t *channel, const char *name, const char *value);
/* Returns `text` itself when there was nothing to expand, else memory to be freed with free(). */
char *callcenter_channel_expand(switch_channel_t *channel, const char *text);
/* Sends a channel that is up to one application, after which it ends; 0 when FreeSWITCH refuses. */
int callcenter_session_execute(callcenter_place_t place, switch_core_session_t *session, const char *application, const char *data);

switch_status_t callcenter_event_create(switch_event_t **event, switch_event_types_t id, const char *subclass);
/* An event without the headers every event starts with, to carry a channel's data from one place to another. */
switch_status_t callcenter_event_create_bare(switch_event_t **event, switch_event_types_t id);
switch_status_t callcenter_event_fire(switch_event_t **event);
const char *callcenter_event_header(switch_event_t *event, const char *name);
/* Returns `text` itself when there was nothing to expand, else memory to be freed with free(). */
char *callcenter_event_expand(switch_event_t *event, const char *text);
switch_status_t callcenter_event_reserve_subclass(const char *name);
switch_status_t callcenter_event_free_subclass(const char *name);

int callcenter_read_acceptable(switch_status_t status);
int callcenter_is_file_path(const char *path);
int callcenter_is_true(const char *text);
const char *callcenter_bypass_media_after_bridge_variable(void);

/* Hands over the uuid of every channel that is up and has this variable, of this value unless it is null. The string lives as long as
 * the call. */
typedef void (*callcenter_uuid_taker_t)(void *taker, const char *uuid);
void callcenter_channels_with(const char *variable, const char *value, callcenter_uuid_taker_t take, void *taker);

/* JSON crosses as text; the text returned is to be freed with free(). */
char *callcenter_json_member_text(const cJSON *object, const char *name);
cJSON *callcenter_json_from_text(const char *text);

#endif
