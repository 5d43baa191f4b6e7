/* Functions, and what the real headers offer as a macro or inline function on top of them. */
#ifndef CALLCENTER_ABI_CALLS_H
#define CALLCENTER_ABI_CALLS_H

#define SWITCH_HERE __FILE__, __func__, __LINE__

extern switch_directories SWITCH_GLOBAL_dirs;

/* module */
switch_loadable_module_interface_t *switch_loadable_module_create_module_interface(switch_memory_pool_t *pool,
	const char *name);
void *switch_loadable_module_create_interface(switch_loadable_module_interface_t *mod,
	switch_module_interface_name_t iname);
switch_status_t switch_console_set_complete(const char *string);
const char *switch_version_full(void);
char *switch_uuid_str(char *buf, switch_size_t len);
switch_time_t switch_micro_time_now(void);
void switch_log_printf(switch_text_channel_t channel, const char *file, const char *func, int line,
	const char *userdata, switch_log_level_t level, const char *fmt, ...);

/* events */
switch_status_t switch_event_create_subclass_detailed(const char *file, const char *func, int line,
	switch_event_t **event, switch_event_types_t event_id, const char *subclass_name);
switch_status_t switch_event_fire_detailed(const char *file, const char *func, int line, switch_event_t **event,
	void *user_data);
switch_status_t switch_event_add_header_string(switch_event_t *event, switch_stack_t stack, const char *header_name,
	const char *data);
char *switch_event_get_header_idx(switch_event_t *event, const char *header_name, int idx);
char *switch_event_expand_headers_check(switch_event_t *event, const char *in, switch_event_t *var_list,
	switch_event_t *api_list, uint32_t recur);
void switch_event_merge(switch_event_t *event, switch_event_t *tomerge);
void switch_event_destroy(switch_event_t **event);
switch_status_t switch_event_reserve_subclass_detailed(const char *owner, const char *subclass_name);
switch_status_t switch_event_free_subclass_detailed(const char *owner, const char *subclass_name);
switch_status_t switch_event_bind_removable(const char *id, switch_event_types_t event, const char *subclass_name,
	switch_event_callback_t callback, void *user_data, switch_event_node_t **node);
switch_status_t switch_event_unbind(switch_event_node_t **node);

#define switch_event_create_subclass(event, id, subclass) \
	switch_event_create_subclass_detailed(SWITCH_HERE, event, id, subclass)
#define switch_event_fire(event) switch_event_fire_detailed(SWITCH_HERE, event, NULL)
#define switch_event_get_header(event, name) switch_event_get_header_idx(event, name, -1)
#define switch_event_expand_headers(event, text) switch_event_expand_headers_check(event, text, NULL, NULL, 0)
#define switch_event_reserve_subclass(name) switch_event_reserve_subclass_detailed(__FILE__, name)
#define switch_event_free_subclass(name) switch_event_free_subclass_detailed(__FILE__, name)

static inline switch_status_t switch_event_create_plain(switch_event_t **event, switch_event_types_t id)
{
	switch_status_t made = switch_event_create_subclass(event, SWITCH_EVENT_CLONE, NULL);

	if (made == SWITCH_STATUS_SUCCESS) {
		(*event)->event_id = id;
	}
	return made;
}

/* the core */
switch_bool_t switch_core_ready(void);
switch_bool_t switch_core_ready_outbound(void);
uint32_t switch_core_session_count(void);
uint32_t switch_core_session_limit(uint32_t new_limit);
int32_t switch_core_sps(void);
double switch_core_idle_cpu(void);
double switch_core_min_idle_cpu(double new_limit);

/* sessions and channels */
switch_core_session_t *switch_core_session_perform_locate(const char *uuid_str, const char *file, const char *func,
	int line);
switch_core_session_t *switch_core_session_perform_force_locate(const char *uuid_str, const char *file,
	const char *func, int line);
void switch_core_session_rwunlock(switch_core_session_t *session);
switch_console_callback_match_t *switch_core_session_findall_matching_var(const char *var_name, const char *var_val);
void switch_console_free_matches(switch_console_callback_match_t **matches);
switch_channel_t *switch_core_session_get_channel(switch_core_session_t *session);
char *switch_core_session_get_uuid(switch_core_session_t *session);
uint32_t switch_core_session_flush_private_events(switch_core_session_t *session);
char *switch_channel_get_uuid(switch_channel_t *channel);
switch_channel_state_t switch_channel_get_state(switch_channel_t *channel);
switch_channel_state_t switch_channel_get_running_state(switch_channel_t *channel);
int switch_channel_test_ready(switch_channel_t *channel, switch_bool_t check_ready, switch_bool_t check_media);
int switch_channel_check_signal(switch_channel_t *channel, switch_bool_t in_thread_only);
switch_call_cause_t switch_channel_get_cause(switch_channel_t *channel);
switch_call_cause_t switch_channel_str2cause(const char *str);
const char *switch_channel_cause2str(switch_call_cause_t cause);
uint32_t switch_channel_test_flag(switch_channel_t *channel, switch_channel_flag_t flag);
void switch_channel_set_flag_value(switch_channel_t *channel, switch_channel_flag_t flag, uint32_t value);
switch_status_t switch_channel_wait_for_flag(switch_channel_t *channel, switch_channel_flag_t want_flag,
	switch_bool_t pres, uint32_t to, switch_channel_t *super_channel);
int switch_channel_add_state_handler(switch_channel_t *channel, const switch_state_handler_table_t *state_handler);
void switch_channel_clear_state_handler(switch_channel_t *channel, const switch_state_handler_table_t *state_handler);
switch_channel_timetable_t *switch_channel_get_timetable(switch_channel_t *channel);
switch_caller_profile_t *switch_channel_get_caller_profile(switch_channel_t *channel);
switch_caller_extension_t *switch_caller_extension_new(switch_core_session_t *session, const char *extension_name,
	const char *extension_number);
void switch_caller_extension_add_application(switch_core_session_t *session, switch_caller_extension_t *caller_extension,
	const char *application_name, const char *extra_data);
void switch_channel_set_caller_extension(switch_channel_t *channel, switch_caller_extension_t *caller_extension);
const char *switch_caller_get_field_by_name(switch_caller_profile_t *caller_profile, const char *name);
const char *switch_channel_get_partner_uuid(switch_channel_t *channel);
void *switch_channel_get_private(switch_channel_t *channel, const char *key);
switch_bool_t switch_core_session_in_thread(switch_core_session_t *session);
const char *switch_channel_get_variable_dup(switch_channel_t *channel, const char *varname, switch_bool_t dup,
	int idx);
switch_status_t switch_channel_set_variable_var_check(switch_channel_t *channel, const char *varname,
	const char *value, switch_bool_t var_check);
char *switch_channel_expand_variables_check(switch_channel_t *channel, const char *in, switch_event_t *var_list,
	switch_event_t *api_list, uint32_t recur);
void switch_channel_process_export(switch_channel_t *channel, switch_channel_t *peer_channel,
	switch_event_t *var_event, const char *export_varname);
void switch_channel_event_set_data(switch_channel_t *channel, switch_event_t *event);
switch_status_t switch_channel_perform_answer(switch_channel_t *channel, const char *file, const char *func, int line);
switch_channel_state_t switch_channel_perform_set_state(switch_channel_t *channel, const char *file, const char *func,
	int line, switch_channel_state_t state);
switch_channel_state_t switch_channel_perform_hangup(switch_channel_t *channel, const char *file, const char *func,
	int line, switch_call_cause_t hangup_cause);

#define switch_core_session_locate(uuid) switch_core_session_perform_locate(uuid, SWITCH_HERE)
#define switch_core_session_force_locate(uuid) switch_core_session_perform_force_locate(uuid, SWITCH_HERE)
#define switch_channel_ready(channel) switch_channel_test_ready(channel, SWITCH_TRUE, SWITCH_FALSE)
#define switch_channel_up(channel) \
	(switch_channel_check_signal(channel, SWITCH_TRUE) || switch_channel_get_state(channel) < CS_HANGUP)
#define switch_channel_answer(channel) switch_channel_perform_answer(channel, SWITCH_HERE)
#define switch_channel_get_variable(channel, name) switch_channel_get_variable_dup(channel, name, SWITCH_TRUE, -1)
#define switch_channel_set_variable(channel, name, value) \
	switch_channel_set_variable_var_check(channel, name, value, SWITCH_TRUE)
#define switch_channel_stop_broadcast(channel) \
	do { \
		if (switch_channel_test_flag(channel, CF_BROADCAST)) { \
			switch_channel_set_flag_value(channel, CF_STOP_BROADCAST, 1); \
			switch_channel_set_flag_value(channel, CF_BREAK, 1); \
		} \
	} while (0)
#define switch_channel_expand_variables(channel, text) \
	switch_channel_expand_variables_check(channel, text, NULL, NULL, 0)

/* what happens to calls */
switch_status_t switch_ivr_originate(switch_core_session_t *session, switch_core_session_t **bleg,
	switch_call_cause_t *cause, const char *bridgeto, uint32_t timelimit_sec,
	const switch_state_handler_table_t *table, const char *cid_name_override, const char *cid_num_override,
	switch_caller_profile_t *caller_profile_override, switch_event_t *ovars, switch_originate_flag_t flags,
	switch_call_cause_t *cancel_cause, switch_dial_handle_t *dh);
switch_status_t switch_ivr_uuid_bridge(const char *originator_uuid, const char *originatee_uuid);
switch_status_t switch_ivr_play_file(switch_core_session_t *session, switch_file_handle_t *fh, const char *file,
	switch_input_args_t *args);
switch_status_t switch_ivr_collect_digits_callback(switch_core_session_t *session, switch_input_args_t *args,
	uint32_t digit_timeout, uint32_t abs_timeout);
switch_status_t switch_ivr_stop_record_session(switch_core_session_t *session, const char *file);
switch_status_t switch_ivr_record_session(switch_core_session_t *session, const char *file, uint32_t limit,
	switch_file_handle_t *fh);
void switch_ivr_park_session(switch_core_session_t *session);
switch_status_t switch_ivr_session_transfer(switch_core_session_t *session, const char *extension, const char *dialplan,
	const char *context);

/* databases */
typedef int (*switch_core_db_callback_func_t)(void *pArg, int argc, char **argv, char **columnNames);
switch_status_t switch_database_available(char *dsn);
switch_status_t _switch_cache_db_get_db_handle_dsn_ex(switch_cache_db_handle_t **dbh, const char *dsn,
	switch_bool_t make_module_no_unloadable, const char *file, const char *func, int line);
void switch_cache_db_release_db_handle(switch_cache_db_handle_t **dbh);
switch_status_t switch_cache_db_execute_sql(switch_cache_db_handle_t *dbh, char *sql, char **err);
switch_status_t switch_cache_db_execute_sql_callback(switch_cache_db_handle_t *dbh, const char *sql,
	switch_core_db_callback_func_t callback, void *pdata, char **err);

/* XML and JSON */
switch_xml_t switch_xml_open_cfg(const char *file_path, switch_xml_t *node, switch_event_t *params);
void switch_xml_free(switch_xml_t xml);
switch_status_t switch_xml_reload(const char **err);
cJSON *cJSON_GetObjectItem(const cJSON *object, const char *string);
char *cJSON_PrintUnformatted(const cJSON *item);
cJSON *cJSON_Parse(const char *value);
void cJSON_free(void *object);

/* words and statuses */
#define SWITCH_READ_ACCEPTABLE(status) \
	((status) == SWITCH_STATUS_SUCCESS || (status) == SWITCH_STATUS_BREAK || (status) == SWITCH_STATUS_INUSE)

/* A path may start with {parameters} and spaces; what follows is absolute, or a format's URL, or else a bare name. */
static inline switch_bool_t switch_is_file_path(const char *file)
{
	while (file && *file == '{') {
		const char *end = strchr(file, '}');

		if (!end) {
			return SWITCH_FALSE;
		}
		file = end + 1 + strspn(end + 1, " ");
	}
	return file && (*file == '/' || strstr(file, "://")) ? SWITCH_TRUE : SWITCH_FALSE;
}

static inline switch_bool_t switch_true(const char *text)
{
	static const char *const words[] = { "yes", "on", "true", "t", "enabled", "active", "allow" };
	size_t i;

	for (i = 0; text && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcasecmp(text, words[i])) {
			return SWITCH_TRUE;
		}
	}
	return text && strspn(text, "0123456789.-+") == strlen(text) && atoi(text) ? SWITCH_TRUE : SWITCH_FALSE;
}

#endif
