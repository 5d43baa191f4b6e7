/* Enumerations and constants: only the values that are used, and those that fix an enum's size and sign. */
#ifndef CALLCENTER_ABI_WORDS_H
#define CALLCENTER_ABI_WORDS_H

#define SWITCH_API_VERSION 5
#define SWITCH_BYPASS_MEDIA_AFTER_BRIDGE_VARIABLE "bypass_media_after_bridge"
#define SWITCH_EVENT_SUBCLASS_ANY NULL

typedef enum { SWITCH_FALSE = 0, SWITCH_TRUE = 1 } switch_bool_t;

typedef enum {
	SWITCH_STATUS_SUCCESS = 0,
	SWITCH_STATUS_FALSE = 1,
	SWITCH_STATUS_GENERR = 9,
	SWITCH_STATUS_INUSE = 10,
	SWITCH_STATUS_BREAK = 11,
	SWITCH_STATUS_NOUNLOAD = 16,
	SWITCH_STATUS_TERM = 21
} switch_status_t;

typedef enum {
	SWITCH_LOG_DEBUG = 7,
	SWITCH_LOG_INFO = 6,
	SWITCH_LOG_NOTICE = 5,
	SWITCH_LOG_WARNING = 4,
	SWITCH_LOG_ERROR = 3,
	SWITCH_LOG_CRIT = 2,
	SWITCH_LOG_DISABLE = -1
} switch_log_level_t;

typedef enum { SWITCH_CHANNEL_ID_LOG = 0 } switch_text_channel_t;

typedef enum {
	SWITCH_APPLICATION_INTERFACE = 4,
	SWITCH_API_INTERFACE = 5,
	SWITCH_JSON_API_INTERFACE = 15
} switch_module_interface_name_t;

typedef enum { SAF_NONE = 0, SAF_SUPPORT_NOMEDIA = 1, SAF_SUPPORT_TEXT_ONLY = 32 } switch_application_flag_enum_t;
typedef enum { SMODF_NONE = 0 } switch_module_flag_enum_t;
typedef enum { SOF_NONE = 0 } switch_originate_flag_enum_t;
typedef enum { SSH_FLAG_STICKY = 1, SSH_FLAG_PRE_EXEC = 2 } switch_state_handler_flag_t;
typedef enum { SWITCH_STACK_BOTTOM = 1 } switch_stack_t;
typedef enum { SWITCH_INPUT_TYPE_DTMF = 0, SWITCH_INPUT_TYPE_EVENT = 1 } switch_input_type_t;
typedef enum { SWITCH_PRIORITY_NORMAL = 0 } switch_priority_t;
typedef enum { SWITCH_DTMF_UNKNOWN = 0 } switch_dtmf_source_t;

typedef enum { SWITCH_CAUSE_NONE = 0, SWITCH_CAUSE_NORMAL_CLEARING = 16, SWITCH_CAUSE_USER_BUSY = 17, SWITCH_CAUSE_ORIGINATOR_CANCEL = 487 } switch_call_cause_t;

typedef enum {
	CS_NEW = 0,
	CS_ROUTING = 2,
	CS_SOFT_EXECUTE = 3,
	CS_EXECUTE = 4,
	CS_EXCHANGE_MEDIA = 5,
	CS_PARK = 6,
	CS_RESET = 9,
	CS_HANGUP = 10,
	CS_DESTROY = 12,
	CS_NONE = 13
} switch_channel_state_t;

typedef enum {
	CF_ANSWERED = 1,
	CF_EARLY_MEDIA = 3,
	CF_BRIDGE_ORIGINATOR = 4,
	CF_UUID_BRIDGE_ORIGINATOR = 5,
	CF_TRANSFER = 6,
	CF_BRIDGED = 9,
	CF_BREAK = 23,
	CF_BROADCAST = 24,
	CF_ORIGINATING = 30,
	CF_STOP_BROADCAST = 31,
	CF_PARK = 41,
	CF_BYPASS_MEDIA_AFTER_BRIDGE = 51,
	CF_INTERCEPTED = 72,
	CF_HAS_TEXT = 145,
	CF_AUDIO = 160
} switch_channel_flag_t;

typedef enum {
	SWITCH_EVENT_CUSTOM = 0,
	SWITCH_EVENT_CLONE = 1,
	SWITCH_EVENT_CHANNEL_DESTROY = 3,
	SWITCH_EVENT_CHANNEL_CALLSTATE = 5,
	SWITCH_EVENT_CHANNEL_BRIDGE = 13,
	SWITCH_EVENT_CHANNEL_UNBRIDGE = 14,
	SWITCH_EVENT_PRESENCE_IN = 38,
	SWITCH_EVENT_PRESENCE_PROBE = 41,
	SWITCH_EVENT_TRAP = 51,
	SWITCH_EVENT_REQUEST_PARAMS = 62
} switch_event_types_t;

#endif
