//! A second configuration laid over the first: `callcenter-extra.conf`, for sites whose callcenter.conf is written by a program that does
//! not know every parameter. It says more of what is in the first, and adds nothing: a queue that the program deletes is gone.

use super::{read, ConfigRequest, Configuration, Element};

/// The name of what is laid over.
pub const EXTRA: &str = "callcenter-extra.conf";

/// Reads the `<configuration name="callcenter.conf">` element with what `extra`, the `<configuration name="callcenter-extra.conf">`,
/// lays over it. An answer to a request for a part need not have what `extra` speaks of.
pub fn read_laid_over(mut base: Element, extra: Option<&Element>, request: &ConfigRequest) -> Configuration {
    let mut warnings = Vec::new();
    if let Some(extra) = extra {
        lay_over(&mut base, extra, &mut warnings);
    }
    if !request.is_about_everything() {
        warnings.clear();
    }
    let mut configuration = read(&base);
    configuration.warnings.append(&mut warnings);
    configuration
}

fn lay_over(base: &mut Element, extra: &Element, warnings: &mut Vec<String>) {
    for section in &extra.children {
        match section.name.as_str() {
            "settings" => lay_over_params(section_of(base, "settings"), section),
            "queues" => lay_over_named(section_of(base, "queues"), section, "queue", warnings),
            "agents" => lay_over_named(section_of(base, "agents"), section, "agent", warnings),
            other => warnings.push(format!(
                "{EXTRA}: <{other}> is ignored. Use <settings>, <queues> and <agents> there."
            )),
        }
    }
}

/// The first section of that name, as everywhere; made where there is none.
fn section_of<'a>(base: &'a mut Element, name: &str) -> &'a mut Element {
    let at = base.children.iter().position(|child| child.name == name);
    let at = at.unwrap_or_else(|| {
        base.children.push(Element::named(name));
        base.children.len() - 1
    });
    &mut base.children[at]
}

/// Lays each element over the one of its name.
fn lay_over_named(base: &mut Element, extra: &Element, kind: &str, warnings: &mut Vec<String>) {
    for element in &extra.children {
        let name = element.attribute("name").unwrap_or_default();
        let is_same = |child: &&mut Element| child.name == kind && child.attribute("name") == Some(name);
        let known = base.children.iter_mut().find(is_same);
        match known.filter(|_| element.name == kind && !name.is_empty()) {
            Some(known) => {
                lay_over_attributes(known, element);
                lay_over_params(known, element);
            }
            None => warnings.push(format!(
                "{EXTRA}: <{} name=\"{name}\"> is ignored: callcenter.conf has no {kind} of that name. Name one it has.",
                element.name
            )),
        }
    }
}

/// An empty value says nothing, there as here.
fn lay_over_attributes(base: &mut Element, extra: &Element) {
    for (key, value) in extra.attributes.iter().filter(|(_, value)| !value.is_empty()) {
        base.attributes.retain(|(known, _)| known != key);
        base.attributes.push((key.clone(), value.clone()));
    }
}

fn lay_over_params(base: &mut Element, extra: &Element) {
    let name_of = |param: &Element| param.attribute("name").unwrap_or_default().to_ascii_lowercase();
    let says_something = |param: &&Element| param.attribute("value").is_some_and(|value| !value.is_empty());
    let said: Vec<&Element> = extra.children_named("param").filter(says_something).collect();
    let is_said = |param: &Element| said.iter().any(|said| name_of(said) == name_of(param));
    base.children.retain(|child| child.name != "param" || !is_said(child));
    base.children.extend(said.into_iter().cloned());
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"<configuration name="callcenter.conf">
        <settings><param name="odbc-dsn" value="x"/><param name="wrap-up-time" value="5"/></settings>
        <queues>
          <queue name="8000@pbx"><param name="strategy" value="top-down"/><param name="max-wait-time" value="9"/></queue>
          <queue name="8001@pbx"/>
        </queues>
        <agents><agent name="1001" type="callback" contact="user/1001" max-no-answer="3"/></agents>
        <tiers><tier queue="8000@pbx" agent="1001"/></tiers>
      </configuration>"#;

    fn laid_over(extra: &str, request: &ConfigRequest) -> Configuration {
        let extra = Element::parse_for_tests(&format!("<configuration>{extra}</configuration>"));
        read_laid_over(Element::parse_for_tests(BASE), Some(&extra), request)
    }

    fn plain() -> Configuration {
        read(&Element::parse_for_tests(BASE))
    }

    #[test]
    fn nothing_is_laid_over_where_there_is_nothing() {
        let base = || Element::parse_for_tests(BASE);
        assert_eq!(read_laid_over(base(), None, &ConfigRequest::default()), plain());
        assert_eq!(laid_over("", &ConfigRequest::default()), plain());
    }

    #[test]
    fn what_is_said_there_holds_and_the_rest_stays() {
        let mut expected = plain();
        expected.settings.wrap_up_time = 20;
        expected.settings.agent_report = true;
        expected.queues[0].max_wait_time = 30;
        expected.queues[0].priority = 4;
        let skills = crate::engine::Skills::parse("german=7").expect("skills");
        expected.agents[0].skills = Some(skills);
        let laid = laid_over(
            r#"<settings><param name="Wrap-Up-Time" value="20"/><param name="agent-report" value="true"/></settings>
               <queues><queue name="8000@pbx"><param name="MAX-wait-time" value="30"/><param name="priority" value="4"/>
                 <param name="strategy" value=""/></queue></queues>
               <agents><agent name="1001" skills="german=7" contact=""/></agents>"#,
            &ConfigRequest::default(),
        );
        assert_eq!(laid, expected);
    }

    /// Whatever a queue or a setting may say in the first, it may say in the second.
    #[test]
    fn every_parameter_of_ours_can_be_laid_over() {
        let ours = crate::engine::QUEUE_PARAMETERS.iter().filter(|it| !it.since.is_stock());
        for parameter in ours {
            let params = format!(r#"<param name="{}" value="no such value"/>"#, parameter.name);
            let base = BASE.replace(
                r#"<queue name="8001@pbx"/>"#,
                &format!(r#"<queue name="8001@pbx">{params}</queue>"#),
            );
            let alone = read(&Element::parse_for_tests(&base));
            let extra = format!(r#"<queues><queue name="8001@pbx">{params}</queue></queues>"#);
            assert_eq!(laid_over(&extra, &ConfigRequest::default()), alone, "{parameter:?}");
        }
    }

    #[test]
    fn what_the_first_does_not_have_is_not_made_and_pointed_out_when_all_was_asked_for() {
        let extra = r#"<queues><queue name="gone@pbx"/></queues><agents><agent name="nobody" type="callback"/></agents><tiers/>"#;
        let laid = laid_over(extra, &ConfigRequest::default());
        let told = [
            "callcenter-extra.conf: <queue name=\"gone@pbx\"> is ignored: callcenter.conf has no queue of that name. Name one it has.",
            "callcenter-extra.conf: <agent name=\"nobody\"> is ignored: callcenter.conf has no agent of that name. Name one it has.",
            "callcenter-extra.conf: <tiers> is ignored. Use <settings>, <queues> and <agents> there.",
        ];
        assert_eq!(laid.warnings, told);
        assert_eq!((laid.queues.len(), laid.agents.len()), (2, 1));
        let part = ConfigRequest {
            queue: Some("8000@pbx".to_owned()),
            agent: None,
        };
        assert_eq!(laid_over(extra, &part), plain());
    }

    #[test]
    fn a_section_that_only_the_second_has_counts() {
        let extra = Element::parse_for_tests(
            r#"<configuration><settings><param name="agent-report" value="true"/></settings></configuration>"#,
        );
        let base = Element::parse_for_tests("<configuration/>");
        let laid = read_laid_over(base, Some(&extra), &ConfigRequest::default());
        assert!(laid.settings.agent_report && laid.lists_settings);
    }
}
