/* Prints every value, size and offset that include/abi declares, and checks every function's type at compile time.
 * tests/abi_layout.rs compiles it against the real headers and against include/abi, and compares what they print. */
#include <switch.h>

#include <stdio.h>

#define VALUE(name) printf(#name " = %lld\n", (long long)(name))
#define TEXT(name) printf(#name " = %s\n", name)
#define TYPE(type) printf(#type ": %zu bytes, aligned to %zu, negative: %d\n", sizeof(type), _Alignof(type), (type)-1 < 0)
#define SIZE(type) printf(#type ": %zu bytes, aligned to %zu\n", sizeof(type), _Alignof(type))
#define FIELD(type, field) \
	printf(#type "." #field ": %zu bytes at %zu\n", sizeof(((type *)0)->field), offsetof(type, field))
#define FIELD_IS(type, field, is) \
	FIELD(type, field); \
	_Static_assert(__builtin_types_compatible_p(__typeof__(((type *)0)->field), is), #type "." #field)
#define FUNCTION(name, result, ...) \
	_Static_assert(__builtin_types_compatible_p(__typeof__(name), result(__VA_ARGS__)), #name)

FUNCTION(switch_loadable_module_create_module_interface, switch_loadable_module_interface_t *, switch_memory_pool_t *, const char *);
FUNCTION(switch_loadable_module_create_interface, void *, switch_loadable_module_interface_t *, switch_module_interface_name_t);
FUNCTION(switch_console_set_complete, switch_status_t, const char *);
FUNCTION(switch_version_full, const char *, void);
FUNCTION(switch_uuid_str, char *, char *, switch_size_t);
FUNCTION(switch_micro_time_now, switch_time_t, void);
FUNCTION(switch_database_available, switch_status_t, char *);
FUNCTION(_switch_cache_db_get_db_handle_dsn_ex, switch_status_t, switch_cache_db_handle_t **, const char *, switch_bool_t, const char *, const char *, int);
FUNCTION(switch_cache_db_release_db_handle, void, switch_cache_db_handle_t **);
FUNCTION(switch_cache_db_execute_sql, switch_status_t, switch_cache_db_handle_t *, char *, char **);
FUNCTION(switch_cache_db_execute_sql_callback, switch_status_t, switch_cache_db_handle_t *, const char *, switch_core_db_callback_func_t, void *, char **);
FUNCTION(switch_log_printf, void, switch_text_channel_t, const char *, const char *, int, const char *, switch_log_level_t, const char *, ...);

FUNCTION(switch_event_create_subclass_detailed, switch_status_t, const char *, const char *, int, switch_event_t **, switch_event_types_t, const char *);
FUNCTION(switch_event_fire_detailed, switch_status_t, const char *, const char *, int, switch_event_t **, void *);
FUNCTION(switch_event_add_header_string, switch_status_t, switch_event_t *, switch_stack_t, const char *, const char *);
FUNCTION(switch_event_get_header_idx, char *, switch_event_t *, const char *, int);
FUNCTION(switch_event_merge, void, switch_event_t *, switch_event_t *);
FUNCTION(switch_event_destroy, void, switch_event_t **);
FUNCTION(switch_event_reserve_subclass_detailed, switch_status_t, const char *, const char *);
FUNCTION(switch_event_free_subclass_detailed, switch_status_t, const char *, const char *);
FUNCTION(switch_event_bind_removable, switch_status_t, const char *, switch_event_types_t, const char *, switch_event_callback_t, void *, switch_event_node_t **);
FUNCTION(switch_event_unbind, switch_status_t, switch_event_node_t **);

FUNCTION(switch_core_session_perform_locate, switch_core_session_t *, const char *, const char *, const char *, int);
FUNCTION(switch_core_session_perform_force_locate, switch_core_session_t *, const char *, const char *, const char *, int);
FUNCTION(switch_core_session_rwunlock, void, switch_core_session_t *);
FUNCTION(switch_core_session_findall_matching_var, switch_console_callback_match_t *, const char *, const char *);
FUNCTION(switch_console_free_matches, void, switch_console_callback_match_t **);
FUNCTION(switch_core_session_get_channel, switch_channel_t *, switch_core_session_t *);
FUNCTION(switch_core_session_get_uuid, char *, switch_core_session_t *);
FUNCTION(switch_core_session_flush_private_events, uint32_t, switch_core_session_t *);
FUNCTION(switch_channel_get_uuid, char *, switch_channel_t *);
FUNCTION(switch_channel_get_state, switch_channel_state_t, switch_channel_t *);
FUNCTION(switch_channel_get_running_state, switch_channel_state_t, switch_channel_t *);
FUNCTION(switch_channel_test_ready, int, switch_channel_t *, switch_bool_t, switch_bool_t);
FUNCTION(switch_channel_check_signal, int, switch_channel_t *, switch_bool_t);
FUNCTION(switch_channel_get_cause, switch_call_cause_t, switch_channel_t *);
FUNCTION(switch_channel_str2cause, switch_call_cause_t, const char *);
FUNCTION(switch_channel_cause2str, const char *, switch_call_cause_t);
FUNCTION(switch_channel_test_flag, uint32_t, switch_channel_t *, switch_channel_flag_t);
FUNCTION(switch_channel_set_flag_value, void, switch_channel_t *, switch_channel_flag_t, uint32_t);
FUNCTION(switch_channel_wait_for_flag, switch_status_t, switch_channel_t *, switch_channel_flag_t, switch_bool_t, uint32_t, switch_channel_t *);
FUNCTION(switch_channel_add_state_handler, int, switch_channel_t *, const switch_state_handler_table_t *);
FUNCTION(switch_channel_clear_state_handler, void, switch_channel_t *, const switch_state_handler_table_t *);
FUNCTION(switch_channel_get_timetable, switch_channel_timetable_t *, switch_channel_t *);
FUNCTION(switch_channel_get_caller_profile, switch_caller_profile_t *, switch_channel_t *);
FUNCTION(switch_caller_get_field_by_name, const char *, switch_caller_profile_t *, const char *);
FUNCTION(switch_channel_get_partner_uuid, const char *, switch_channel_t *);
FUNCTION(switch_channel_get_private, void *, switch_channel_t *, const char *);
FUNCTION(switch_core_session_in_thread, switch_bool_t, switch_core_session_t *);
FUNCTION(switch_core_session_count, uint32_t, void);
FUNCTION(switch_core_session_limit, uint32_t, uint32_t);
FUNCTION(switch_core_ready, switch_bool_t, void);
FUNCTION(switch_core_ready_outbound, switch_bool_t, void);
FUNCTION(switch_core_sps, int32_t, void);
FUNCTION(switch_core_idle_cpu, double, void);
FUNCTION(switch_core_min_idle_cpu, double, double);
FUNCTION(switch_channel_get_variable_dup, const char *, switch_channel_t *, const char *, switch_bool_t, int);
FUNCTION(switch_channel_set_variable_var_check, switch_status_t, switch_channel_t *, const char *, const char *, switch_bool_t);
FUNCTION(switch_channel_expand_variables_check, char *, switch_channel_t *, const char *, switch_event_t *, switch_event_t *, uint32_t);
FUNCTION(switch_channel_process_export, void, switch_channel_t *, switch_channel_t *, switch_event_t *, const char *);
FUNCTION(switch_channel_event_set_data, void, switch_channel_t *, switch_event_t *);
FUNCTION(switch_channel_perform_answer, switch_status_t, switch_channel_t *, const char *, const char *, int);
FUNCTION(switch_channel_perform_hangup, switch_channel_state_t, switch_channel_t *, const char *, const char *, int, switch_call_cause_t);

FUNCTION(switch_ivr_originate, switch_status_t, switch_core_session_t *, switch_core_session_t **, switch_call_cause_t *,
	const char *, uint32_t, const switch_state_handler_table_t *, const char *, const char *, switch_caller_profile_t *,
	switch_event_t *, switch_originate_flag_t, switch_call_cause_t *, switch_dial_handle_t *);
FUNCTION(switch_ivr_uuid_bridge, switch_status_t, const char *, const char *);
FUNCTION(switch_ivr_play_file, switch_status_t, switch_core_session_t *, switch_file_handle_t *, const char *, switch_input_args_t *);
FUNCTION(switch_ivr_collect_digits_callback, switch_status_t, switch_core_session_t *, switch_input_args_t *, uint32_t, uint32_t);
FUNCTION(switch_ivr_stop_record_session, switch_status_t, switch_core_session_t *, const char *);
FUNCTION(switch_ivr_record_session, switch_status_t, switch_core_session_t *, const char *, uint32_t, switch_file_handle_t *);
FUNCTION(switch_ivr_park_session, void, switch_core_session_t *);
FUNCTION(switch_ivr_session_transfer, switch_status_t, switch_core_session_t *, const char *, const char *, const char *);

FUNCTION(switch_xml_open_cfg, switch_xml_t, const char *, switch_xml_t *, switch_event_t *);
FUNCTION(switch_xml_free, void, switch_xml_t);
FUNCTION(switch_xml_reload, switch_status_t, const char **);
FUNCTION(cJSON_GetObjectItem, cJSON *, const cJSON *, const char *);
FUNCTION(cJSON_PrintUnformatted, char *, const cJSON *);
FUNCTION(cJSON_Parse, cJSON *, const char *);
FUNCTION(cJSON_free, void, void *);
_Static_assert(__builtin_types_compatible_p(__typeof__(SWITCH_GLOBAL_dirs), switch_directories), "SWITCH_GLOBAL_dirs");

static void print_words(void)
{
	VALUE(SWITCH_API_VERSION);
	TEXT(SWITCH_BYPASS_MEDIA_AFTER_BRIDGE_VARIABLE);
	VALUE(SWITCH_EVENT_SUBCLASS_ANY == NULL);
	TYPE(switch_bool_t); VALUE(SWITCH_FALSE); VALUE(SWITCH_TRUE);
	TYPE(switch_status_t); VALUE(SWITCH_STATUS_SUCCESS); VALUE(SWITCH_STATUS_FALSE); VALUE(SWITCH_STATUS_GENERR);
	VALUE(SWITCH_STATUS_INUSE); VALUE(SWITCH_STATUS_BREAK); VALUE(SWITCH_STATUS_NOUNLOAD); VALUE(SWITCH_STATUS_TERM);
	TYPE(switch_log_level_t); VALUE(SWITCH_LOG_DEBUG); VALUE(SWITCH_LOG_INFO); VALUE(SWITCH_LOG_NOTICE);
	VALUE(SWITCH_LOG_WARNING); VALUE(SWITCH_LOG_ERROR); VALUE(SWITCH_LOG_CRIT); VALUE(SWITCH_LOG_DISABLE);
	TYPE(switch_text_channel_t); VALUE(SWITCH_CHANNEL_ID_LOG);
	TYPE(switch_module_interface_name_t); VALUE(SWITCH_APPLICATION_INTERFACE); VALUE(SWITCH_API_INTERFACE);
	VALUE(SWITCH_JSON_API_INTERFACE);
	TYPE(switch_application_flag_enum_t); VALUE(SAF_NONE); VALUE(SAF_SUPPORT_NOMEDIA); VALUE(SAF_SUPPORT_TEXT_ONLY);
	TYPE(switch_module_flag_enum_t); VALUE(SMODF_NONE);
	TYPE(switch_originate_flag_enum_t); VALUE(SOF_NONE);
	TYPE(switch_state_handler_flag_t); VALUE(SSH_FLAG_STICKY); VALUE(SSH_FLAG_PRE_EXEC);
	TYPE(switch_stack_t); VALUE(SWITCH_STACK_BOTTOM);
	TYPE(switch_input_type_t); VALUE(SWITCH_INPUT_TYPE_DTMF); VALUE(SWITCH_INPUT_TYPE_EVENT);
	TYPE(switch_priority_t); VALUE(SWITCH_PRIORITY_NORMAL);
	TYPE(switch_dtmf_source_t); VALUE(SWITCH_DTMF_UNKNOWN);
	TYPE(switch_call_cause_t); VALUE(SWITCH_CAUSE_NONE); VALUE(SWITCH_CAUSE_NORMAL_CLEARING);
	TYPE(switch_channel_state_t); VALUE(CS_NEW); VALUE(CS_ROUTING); VALUE(CS_SOFT_EXECUTE); VALUE(CS_EXECUTE);
	VALUE(CS_EXCHANGE_MEDIA); VALUE(CS_PARK); VALUE(CS_HANGUP); VALUE(CS_DESTROY);
	TYPE(switch_channel_flag_t); VALUE(CF_ANSWERED); VALUE(CF_TRANSFER); VALUE(CF_BRIDGED); VALUE(CF_BREAK); VALUE(CF_BROADCAST);
	VALUE(CF_STOP_BROADCAST); VALUE(CF_PARK); VALUE(CF_BYPASS_MEDIA_AFTER_BRIDGE);
	VALUE(CF_BRIDGE_ORIGINATOR); VALUE(CF_UUID_BRIDGE_ORIGINATOR); VALUE(CF_INTERCEPTED); VALUE(CF_HAS_TEXT); VALUE(CF_AUDIO);
	TYPE(switch_event_types_t); VALUE(SWITCH_EVENT_CUSTOM); VALUE(SWITCH_EVENT_CLONE);
	VALUE(SWITCH_EVENT_CHANNEL_DESTROY); VALUE(SWITCH_EVENT_CHANNEL_CALLSTATE);
	VALUE(SWITCH_EVENT_CHANNEL_BRIDGE); VALUE(SWITCH_EVENT_CHANNEL_UNBRIDGE); VALUE(SWITCH_EVENT_PRESENCE_IN); VALUE(SWITCH_EVENT_PRESENCE_PROBE);
	VALUE(SWITCH_EVENT_TRAP);
	VALUE(SWITCH_EVENT_REQUEST_PARAMS);
	TYPE(switch_application_flag_t); TYPE(switch_module_flag_t); TYPE(switch_originate_flag_t); TYPE(switch_time_t);
	TYPE(switch_size_t);
}

static void print_interfaces(void)
{
	SIZE(switch_loadable_module_function_table_t);
	FIELD_IS(switch_loadable_module_function_table_t, switch_api_version, int);
	FIELD_IS(switch_loadable_module_function_table_t, load, switch_module_load_t);
	FIELD_IS(switch_loadable_module_function_table_t, shutdown, switch_module_shutdown_t);
	FIELD_IS(switch_loadable_module_function_table_t, runtime, switch_module_runtime_t);
	FIELD_IS(switch_loadable_module_function_table_t, flags, switch_module_flag_t);
	_Static_assert(__builtin_types_compatible_p(switch_module_load_t,
		switch_status_t (*)(switch_loadable_module_interface_t **, switch_memory_pool_t *)), "load");
	_Static_assert(__builtin_types_compatible_p(switch_module_shutdown_t, switch_status_t (*)(void)), "shutdown");
	SIZE(switch_application_interface_t);
	FIELD(switch_application_interface_t, interface_name);
	FIELD_IS(switch_application_interface_t, application_function, void (*)(switch_core_session_t *, const char *));
	FIELD(switch_application_interface_t, long_desc); FIELD(switch_application_interface_t, short_desc);
	FIELD(switch_application_interface_t, syntax); FIELD_IS(switch_application_interface_t, flags, uint32_t);
	FIELD(switch_application_interface_t, rwlock); FIELD(switch_application_interface_t, refs);
	FIELD(switch_application_interface_t, reflock); FIELD(switch_application_interface_t, parent);
	FIELD(switch_application_interface_t, next);
	SIZE(switch_api_interface_t);
	FIELD(switch_api_interface_t, interface_name); FIELD(switch_api_interface_t, desc);
	FIELD_IS(switch_api_interface_t, function,
		switch_status_t (*)(const char *, switch_core_session_t *, switch_stream_handle_t *));
	FIELD(switch_api_interface_t, syntax); FIELD(switch_api_interface_t, rwlock); FIELD(switch_api_interface_t, refs);
	FIELD(switch_api_interface_t, reflock); FIELD(switch_api_interface_t, parent); FIELD(switch_api_interface_t, next);
	SIZE(switch_json_api_interface_t);
	FIELD(switch_json_api_interface_t, interface_name); FIELD(switch_json_api_interface_t, desc);
	FIELD_IS(switch_json_api_interface_t, function,
		switch_status_t (*)(const cJSON *, switch_core_session_t *, cJSON **));
	FIELD(switch_json_api_interface_t, syntax); FIELD(switch_json_api_interface_t, rwlock);
	FIELD(switch_json_api_interface_t, refs); FIELD(switch_json_api_interface_t, reflock);
	FIELD(switch_json_api_interface_t, parent); FIELD(switch_json_api_interface_t, next);
	SIZE(switch_stream_handle_t);
	FIELD(switch_stream_handle_t, read_function);
	FIELD_IS(switch_stream_handle_t, write_function, switch_status_t (*)(switch_stream_handle_t *, const char *, ...));
	FIELD(switch_stream_handle_t, raw_write_function); FIELD(switch_stream_handle_t, data);
	FIELD(switch_stream_handle_t, end); FIELD(switch_stream_handle_t, data_size); FIELD(switch_stream_handle_t, data_len);
	FIELD(switch_stream_handle_t, alloc_len); FIELD(switch_stream_handle_t, alloc_chunk);
	FIELD(switch_stream_handle_t, param_event);
}

static void print_states(void)
{
	SIZE(switch_state_handler_table_t);
	FIELD_IS(switch_state_handler_table_t, on_init, switch_status_t (*)(switch_core_session_t *));
	FIELD(switch_state_handler_table_t, on_routing); FIELD(switch_state_handler_table_t, on_execute);
	FIELD(switch_state_handler_table_t, on_hangup); FIELD(switch_state_handler_table_t, on_exchange_media);
	FIELD(switch_state_handler_table_t, on_soft_execute); FIELD(switch_state_handler_table_t, on_consume_media);
	FIELD(switch_state_handler_table_t, on_hibernate); FIELD(switch_state_handler_table_t, on_reset);
	FIELD(switch_state_handler_table_t, on_park); FIELD(switch_state_handler_table_t, on_reporting);
	FIELD(switch_state_handler_table_t, on_destroy); FIELD_IS(switch_state_handler_table_t, flags, int);
	FIELD(switch_state_handler_table_t, padding);
	SIZE(switch_channel_timetable_t);
	FIELD(switch_channel_timetable_t, profile_created); FIELD(switch_channel_timetable_t, created);
	FIELD_IS(switch_channel_timetable_t, answered, switch_time_t); FIELD(switch_channel_timetable_t, progress);
	FIELD(switch_channel_timetable_t, progress_media); FIELD(switch_channel_timetable_t, hungup);
	FIELD(switch_channel_timetable_t, transferred); FIELD(switch_channel_timetable_t, resurrected);
	FIELD(switch_channel_timetable_t, bridged); FIELD(switch_channel_timetable_t, last_hold);
	FIELD(switch_channel_timetable_t, hold_accum); FIELD(switch_channel_timetable_t, next);
	SIZE(switch_event_t);
	FIELD_IS(switch_event_t, event_id, switch_event_types_t); FIELD(switch_event_t, priority);
	FIELD(switch_event_t, owner); FIELD(switch_event_t, subclass_name); FIELD(switch_event_t, headers);
	FIELD(switch_event_t, last_header); FIELD(switch_event_t, body); FIELD(switch_event_t, bind_user_data);
	FIELD(switch_event_t, event_user_data); FIELD(switch_event_t, key); FIELD(switch_event_t, next);
	FIELD(switch_event_t, flags);
}

static void print_inputs(void)
{
	SIZE(switch_input_args_t);
	FIELD_IS(switch_input_args_t, input_callback,
		switch_status_t (*)(switch_core_session_t *, void *, switch_input_type_t, void *, unsigned int));
	FIELD(switch_input_args_t, buf); FIELD(switch_input_args_t, buflen);
	FIELD_IS(switch_input_args_t, read_frame_callback,
		switch_status_t (*)(switch_core_session_t *, switch_frame_t *, void *));
	FIELD(switch_input_args_t, user_data); FIELD(switch_input_args_t, dmachine); FIELD(switch_input_args_t, loops);
	SIZE(switch_dtmf_t);
	FIELD_IS(switch_dtmf_t, digit, char); FIELD(switch_dtmf_t, duration); FIELD(switch_dtmf_t, flags);
	FIELD(switch_dtmf_t, source);
	SIZE(switch_console_callback_match_t); FIELD(switch_console_callback_match_t, head);
	FIELD(switch_console_callback_match_t, end); FIELD(switch_console_callback_match_t, count);
	FIELD(switch_console_callback_match_t, dynamic);
	SIZE(switch_console_callback_match_node_t); FIELD_IS(switch_console_callback_match_node_t, val, char *);
	FIELD(switch_console_callback_match_node_t, next);
	SIZE(struct switch_xml);
	FIELD(struct switch_xml, name); FIELD_IS(struct switch_xml, attr, char **); FIELD(struct switch_xml, txt);
	FIELD(struct switch_xml, free_path); FIELD(struct switch_xml, off); FIELD(struct switch_xml, next);
	FIELD(struct switch_xml, sibling); FIELD(struct switch_xml, ordered); FIELD(struct switch_xml, child);
	FIELD(struct switch_xml, parent); FIELD(struct switch_xml, flags); FIELD(struct switch_xml, is_switch_xml_root_t);
	FIELD(struct switch_xml, refs); FIELD(struct switch_xml, open); FIELD(struct switch_xml, close);
	SIZE(switch_directories);
	FIELD(switch_directories, base_dir); FIELD(switch_directories, mod_dir); FIELD(switch_directories, conf_dir);
	FIELD(switch_directories, log_dir); FIELD(switch_directories, run_dir); FIELD(switch_directories, db_dir);
	FIELD(switch_directories, script_dir); FIELD(switch_directories, temp_dir); FIELD(switch_directories, htdocs_dir);
	FIELD(switch_directories, grammar_dir); FIELD(switch_directories, storage_dir); FIELD(switch_directories, cache_dir);
	FIELD(switch_directories, recordings_dir); FIELD(switch_directories, sounds_dir); FIELD(switch_directories, lib_dir);
	FIELD(switch_directories, certs_dir); FIELD(switch_directories, fonts_dir); FIELD(switch_directories, images_dir);
	FIELD(switch_directories, data_dir); FIELD(switch_directories, localstate_dir);
}

int main(void)
{
	print_words();
	print_interfaces();
	print_states();
	print_inputs();
	return 0;
}
