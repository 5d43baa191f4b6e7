//! callcenter.conf through FreeSWITCH's XML registry: its includes and `$${variables}` are expanded there, and mod_xml_curl
//! answers there.

use crate::config::{self, ConfigError, ConfigRequest, ConfigSource, Configuration, Element};
use crate::engine::names::header;
use crate::freeswitch::ffi::event::EventBuilder;
use crate::freeswitch::ffi::log;
use crate::freeswitch::ffi::sys::{self, switch_event_types_t, switch_status_t, switch_xml_t};
use crate::freeswitch::ffi::text::copy_of;
use std::ffi::{c_char, CStr};

/// The configuration's name in the registry, and that of what is laid over it.
const NAME: &CStr = c"callcenter.conf";
const EXTRA: &CStr = c"callcenter-extra.conf";

/// How deep elements may be nested; nothing in callcenter.conf is deeper than four.
const DEEPEST: usize = 32;

/// Reads the configuration anew each time it is asked.
pub struct XmlSource;

impl ConfigSource for XmlSource {
    fn read(&self, request: &ConfigRequest) -> Result<Configuration, ConfigError> {
        let Some(base) = element(NAME, request) else {
            return Err(ConfigError("Open of callcenter.conf failed".to_owned()));
        };
        // FreeSWITCH says nothing of a configuration that it does not have.
        let extra = element(EXTRA, request);
        let configuration = config::read_laid_over(base, extra.as_ref(), request);
        for warning in &configuration.warnings {
            log::warning(None, warning);
        }
        Ok(configuration)
    }

    /// As `reload mod_callcenter` does.
    fn renew(&self) -> Result<(), ConfigError> {
        let mut trouble: *const c_char = std::ptr::null();
        // SAFETY: FreeSWITCH leaves a text of its own there, which it does not take back.
        let status = unsafe { sys::switch_xml_reload(&mut trouble) };
        if status == switch_status_t::SWITCH_STATUS_SUCCESS {
            return Ok(());
        }
        // SAFETY: a text of FreeSWITCH's, or null.
        let trouble = unsafe { copy_of(trouble) };
        Err(ConfigError(format!("FreeSWITCH cannot read its XML: {trouble}")))
    }
}

/// An XML document of FreeSWITCH's, given back on drop.
struct Document {
    root: switch_xml_t,
}

impl Drop for Document {
    fn drop(&mut self) {
        // SAFETY: the document is the one FreeSWITCH handed out.
        unsafe { sys::switch_xml_free(self.root) };
    }
}

/// A configuration of FreeSWITCH's registry; none where it has none of that name.
fn element(name: &CStr, request: &ConfigRequest) -> Option<Element> {
    let mut parameters = parameters(request);
    let event = parameters.as_mut().map_or(std::ptr::null_mut(), EventBuilder::raw);
    let mut node = std::ptr::null_mut();
    // SAFETY: name and parameters outlive the call; the document and the node inside it are ours until it is freed.
    let root = unsafe { sys::switch_xml_open_cfg(name.as_ptr(), &mut node, event) };
    if root.is_null() {
        return None;
    }
    let _document = Document { root };
    if node.is_null() {
        return None;
    }
    // SAFETY: the node is part of the document, which is alive.
    Some(unsafe { copy_element(node, DEEPEST) })
}

/// What stock sends along when it asks for one queue or agent; nothing when it asks for all.
fn parameters(request: &ConfigRequest) -> Option<EventBuilder> {
    if request.queue.is_none() && request.agent.is_none() {
        return None;
    }
    let mut event = EventBuilder::of(switch_event_types_t::SWITCH_EVENT_REQUEST_PARAMS)?;
    if let Some(queue) = &request.queue {
        event.add(header::QUEUE, queue);
    }
    if let Some(agent) = &request.agent {
        event.add(header::AGENT, agent);
    }
    Some(event)
}

/// # Safety
/// `node` is an element of a live document.
unsafe fn copy_element(node: switch_xml_t, deepest: usize) -> Element {
    // SAFETY: the element is alive; its strings and its children are part of the document.
    unsafe {
        let mut element = Element::named(copy_of((*node).name));
        element.attributes = copy_attributes((*node).attr);
        let mut child = if deepest > 0 {
            (*node).child
        } else {
            std::ptr::null_mut()
        };
        while !child.is_null() {
            element.children.push(copy_element(child, deepest - 1));
            child = (*child).ordered;
        }
        element
    }
}

/// # Safety
/// `list` is null, or names and values in turn, ended by a null.
unsafe fn copy_attributes(mut list: *mut *mut c_char) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    // SAFETY: the list is only read up to its end.
    unsafe {
        while !list.is_null() && !(*list).is_null() {
            attributes.push((copy_of(*list), copy_of(*list.add(1))));
            list = list.add(2);
        }
    }
    attributes
}
