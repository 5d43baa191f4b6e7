/* Structures: whole where the module looks inside or allocates one, by name only where it passes a pointer on. */
#ifndef CALLCENTER_ABI_SHAPES_H
#define CALLCENTER_ABI_SHAPES_H

typedef uint32_t switch_application_flag_t;
typedef uint32_t switch_module_flag_t;
typedef uint32_t switch_originate_flag_t;
typedef int64_t switch_time_t;
typedef size_t switch_size_t;

typedef struct apr_pool_t switch_memory_pool_t;
typedef struct apr_thread_mutex_t switch_mutex_t;
typedef struct apr_thread_rwlock_t switch_thread_rwlock_t;
typedef struct cJSON cJSON;
typedef struct switch_cache_db_handle switch_cache_db_handle_t;
typedef struct switch_caller_extension switch_caller_extension_t;
typedef struct switch_caller_profile switch_caller_profile_t;
typedef struct switch_channel switch_channel_t;
typedef struct switch_core_session switch_core_session_t;
typedef struct switch_dial_handle_s switch_dial_handle_t;
typedef struct switch_event_header switch_event_header_t;
typedef struct switch_event_node switch_event_node_t;
typedef struct switch_file_handle switch_file_handle_t;
typedef struct switch_frame switch_frame_t;
typedef struct switch_ivr_dmachine switch_ivr_dmachine_t;
typedef struct switch_loadable_module_interface switch_loadable_module_interface_t;
typedef struct switch_stream_handle switch_stream_handle_t;
typedef struct switch_xml *switch_xml_t;

typedef struct switch_console_callback_match_node {
	char *val;
	struct switch_console_callback_match_node *next;
} switch_console_callback_match_node_t;

typedef struct switch_console_callback_match {
	switch_console_callback_match_node_t *head;
	switch_console_callback_match_node_t *end;
	int count;
	int dynamic;
} switch_console_callback_match_t;

typedef struct switch_event {
	switch_event_types_t event_id;
	switch_priority_t priority;
	char *owner;
	char *subclass_name;
	switch_event_header_t *headers;
	switch_event_header_t *last_header;
	char *body;
	void *bind_user_data;
	void *event_user_data;
	unsigned long key;
	struct switch_event *next;
	int flags;
} switch_event_t;

typedef void (*switch_application_function_t)(switch_core_session_t *, const char *);
typedef switch_status_t (*switch_api_function_t)(const char *, switch_core_session_t *, switch_stream_handle_t *);
typedef switch_status_t (*switch_json_api_function_t)(const cJSON *, switch_core_session_t *, cJSON **);
typedef void (*switch_event_callback_t)(switch_event_t *);
typedef switch_status_t (*switch_state_handler_t)(switch_core_session_t *);
typedef switch_status_t (*switch_input_callback_function_t)(switch_core_session_t *, void *, switch_input_type_t,
	void *, unsigned int);
typedef switch_status_t (*switch_read_frame_callback_function_t)(switch_core_session_t *, switch_frame_t *, void *);
typedef switch_status_t (*switch_module_load_t)(switch_loadable_module_interface_t **, switch_memory_pool_t *);
typedef switch_status_t (*switch_module_runtime_t)(void);
typedef switch_status_t (*switch_module_shutdown_t)(void);
typedef uint8_t *(*switch_stream_handle_read_function_t)(switch_stream_handle_t *, int *);
typedef switch_status_t (*switch_stream_handle_write_function_t)(switch_stream_handle_t *, const char *, ...);
typedef switch_status_t (*switch_stream_handle_raw_write_function_t)(switch_stream_handle_t *, uint8_t *,
	switch_size_t);

typedef struct switch_loadable_module_function_table {
	int switch_api_version;
	switch_module_load_t load;
	switch_module_shutdown_t shutdown;
	switch_module_runtime_t runtime;
	switch_module_flag_t flags;
} switch_loadable_module_function_table_t;

typedef struct switch_application_interface {
	const char *interface_name;
	switch_application_function_t application_function;
	const char *long_desc;
	const char *short_desc;
	const char *syntax;
	uint32_t flags;
	switch_thread_rwlock_t *rwlock;
	int refs;
	switch_mutex_t *reflock;
	switch_loadable_module_interface_t *parent;
	struct switch_application_interface *next;
} switch_application_interface_t;

typedef struct switch_api_interface {
	const char *interface_name;
	const char *desc;
	switch_api_function_t function;
	const char *syntax;
	switch_thread_rwlock_t *rwlock;
	int refs;
	switch_mutex_t *reflock;
	switch_loadable_module_interface_t *parent;
	struct switch_api_interface *next;
} switch_api_interface_t;

typedef struct switch_json_api_interface {
	const char *interface_name;
	const char *desc;
	switch_json_api_function_t function;
	const char *syntax;
	switch_thread_rwlock_t *rwlock;
	int refs;
	switch_mutex_t *reflock;
	switch_loadable_module_interface_t *parent;
	struct switch_json_api_interface *next;
} switch_json_api_interface_t;

typedef struct switch_state_handler_table {
	switch_state_handler_t on_init;
	switch_state_handler_t on_routing;
	switch_state_handler_t on_execute;
	switch_state_handler_t on_hangup;
	switch_state_handler_t on_exchange_media;
	switch_state_handler_t on_soft_execute;
	switch_state_handler_t on_consume_media;
	switch_state_handler_t on_hibernate;
	switch_state_handler_t on_reset;
	switch_state_handler_t on_park;
	switch_state_handler_t on_reporting;
	switch_state_handler_t on_destroy;
	int flags;
	void *padding[10];
} switch_state_handler_table_t;

struct switch_stream_handle {
	switch_stream_handle_read_function_t read_function;
	switch_stream_handle_write_function_t write_function;
	switch_stream_handle_raw_write_function_t raw_write_function;
	void *data;
	void *end;
	switch_size_t data_size;
	switch_size_t data_len;
	switch_size_t alloc_len;
	switch_size_t alloc_chunk;
	switch_event_t *param_event;
};

typedef struct {
	switch_input_callback_function_t input_callback;
	void *buf;
	uint32_t buflen;
	switch_read_frame_callback_function_t read_frame_callback;
	void *user_data;
	switch_ivr_dmachine_t *dmachine;
	int loops;
} switch_input_args_t;

typedef struct {
	char digit;
	uint32_t duration;
	int32_t flags;
	switch_dtmf_source_t source;
} switch_dtmf_t;

typedef struct switch_channel_timetable {
	switch_time_t profile_created;
	switch_time_t created;
	switch_time_t answered;
	switch_time_t progress;
	switch_time_t progress_media;
	switch_time_t hungup;
	switch_time_t transferred;
	switch_time_t resurrected;
	switch_time_t bridged;
	switch_time_t last_hold;
	switch_time_t hold_accum;
	struct switch_channel_timetable *next;
} switch_channel_timetable_t;

typedef struct switch_directories {
	char *base_dir;
	char *mod_dir;
	char *conf_dir;
	char *log_dir;
	char *run_dir;
	char *db_dir;
	char *script_dir;
	char *temp_dir;
	char *htdocs_dir;
	char *grammar_dir;
	char *storage_dir;
	char *cache_dir;
	char *recordings_dir;
	char *sounds_dir;
	char *lib_dir;
	char *certs_dir;
	char *fonts_dir;
	char *images_dir;
	char *data_dir;
	char *localstate_dir;
} switch_directories;

struct switch_xml {
	char *name;
	char **attr;
	char *txt;
	char *free_path;
	switch_size_t off;
	switch_xml_t next;
	switch_xml_t sibling;
	switch_xml_t ordered;
	switch_xml_t child;
	switch_xml_t parent;
	uint32_t flags;
	switch_bool_t is_switch_xml_root_t;
	uint32_t refs;
	const char *open;
	const char *close;
};

#endif
