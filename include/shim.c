#include "shim.h"

#include <string.h>

void callcenter_log(callcenter_place_t place, const char *uuid, switch_log_level_t level, const char *text)
{
	switch_log_printf(SWITCH_CHANNEL_ID_LOG, place.file, "", place.line, uuid, level, "%s\n", text);
}

switch_status_t callcenter_stream_write(switch_stream_handle_t *stream, const char *text)
{
	return stream->write_function(stream, "%s", text);
}

switch_core_session_t *callcenter_session_locate(const char *uuid)
{
	return switch_core_session_locate(uuid);
}

switch_core_session_t *callcenter_session_locate_hungup(const char *uuid)
{
	return switch_core_session_force_locate(uuid);
}

int callcenter_channel_ready(switch_channel_t *channel)
{
	return switch_channel_ready(channel);
}

int callcenter_channel_up(switch_channel_t *channel)
{
	return switch_channel_up(channel);
}

switch_status_t callcenter_channel_answer(switch_channel_t *channel)
{
	return switch_channel_answer(channel);
}

void callcenter_channel_stop_broadcast(switch_channel_t *channel)
{
	switch_channel_stop_broadcast(channel);
}

void callcenter_channel_hangup(callcenter_place_t place, switch_channel_t *channel, switch_call_cause_t cause)
{
	switch_channel_perform_hangup(channel, place.file, "", place.line, cause);
}

void callcenter_channel_set_state(callcenter_place_t place, switch_channel_t *channel, switch_channel_state_t state)
{
	switch_channel_perform_set_state(channel, place.file, "", place.line, state);
}

const char *callcenter_channel_variable(switch_channel_t *channel, const char *name)
{
	return switch_channel_get_variable(channel, name);
}

void callcenter_channel_set_variable(switch_channel_t *channel, const char *name, const char *value)
{
	switch_channel_set_variable(channel, name, value);
}

char *callcenter_channel_expand(switch_channel_t *channel, const char *text)
{
	return switch_channel_expand_variables(channel, text);
}

int callcenter_session_execute(callcenter_place_t place, switch_core_session_t *session, const char *application, const char *data)
{
	switch_channel_t *channel = switch_core_session_get_channel(session);
	switch_caller_extension_t *extension = switch_caller_extension_new(session, application, data);

	if (!extension) {
		return 0;
	}
	switch_caller_extension_add_application(session, extension, application, data);
	switch_channel_set_caller_extension(channel, extension);
	return switch_channel_perform_set_state(channel, place.file, "", place.line, CS_EXECUTE) == CS_EXECUTE;
}

switch_status_t callcenter_event_create(switch_event_t **event, switch_event_types_t id, const char *subclass)
{
	return switch_event_create_subclass(event, id, subclass);
}

switch_status_t callcenter_event_create_bare(switch_event_t **event, switch_event_types_t id)
{
	return switch_event_create_plain(event, id);
}

switch_status_t callcenter_event_fire(switch_event_t **event)
{
	return switch_event_fire(event);
}

const char *callcenter_event_header(switch_event_t *event, const char *name)
{
	return switch_event_get_header(event, name);
}

char *callcenter_event_expand(switch_event_t *event, const char *text)
{
	return switch_event_expand_headers(event, text);
}

switch_status_t callcenter_event_reserve_subclass(const char *name)
{
	return switch_event_reserve_subclass(name);
}

switch_status_t callcenter_event_free_subclass(const char *name)
{
	return switch_event_free_subclass(name);
}

int callcenter_read_acceptable(switch_status_t status)
{
	return SWITCH_READ_ACCEPTABLE(status);
}

int callcenter_is_file_path(const char *path)
{
	return switch_is_file_path(path) == SWITCH_TRUE;
}

int callcenter_is_true(const char *text)
{
	return switch_true(text) == SWITCH_TRUE;
}

const char *callcenter_bypass_media_after_bridge_variable(void)
{
	return SWITCH_BYPASS_MEDIA_AFTER_BRIDGE_VARIABLE;
}

void callcenter_channels_with(const char *variable, const char *value, callcenter_uuid_taker_t take, void *taker)
{
	switch_console_callback_match_t *matches = switch_core_session_findall_matching_var(variable, value);
	switch_console_callback_match_node_t *match;

	if (!matches) {
		return;
	}
	for (match = matches->head; match; match = match->next) {
		take(taker, match->val);
	}
	switch_console_free_matches(&matches);
}

char *callcenter_json_member_text(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItem(object, name);
	char *printed = NULL, *text = NULL;

	if (!member) {
		return NULL;
	}
	/* cJSON may have an allocator of its own; what we hand out is plain malloc memory. */
	if ((printed = cJSON_PrintUnformatted(member))) {
		text = strdup(printed);
		cJSON_free(printed);
	}
	return text;
}

cJSON *callcenter_json_from_text(const char *text)
{
	return cJSON_Parse(text);
}
