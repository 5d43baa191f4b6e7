//! `callcenter-board`: pages and metrics of a call centre, over one event-socket connection.

use callcenter_board::options::Options;
use callcenter_board::{hub::Hub, link, settings::Settings, tokens::Tokens, web};
use clap::Parser;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{signal, SignalKind};
use tokio::sync::mpsc;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// As sysexits.h has it: a service manager need not try again with the same configuration.
const BAD_CONFIGURATION: u8 = 78;

/// Commands of supervisors that wait for FreeSWITCH; more at once are refused.
const WAITING_COMMANDS: usize = 16;

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(told) => return of_the_command_line(&told),
    };
    let level = if options.verbose {
        tracing::Level::DEBUG
    } else {
        tracing::Level::INFO
    };
    // What is wrong with a connection is told once, in our own words; libraries say it at each attempt.
    let libraries = if options.verbose {
        LevelFilter::INFO
    } else {
        LevelFilter::OFF
    };
    let heard = Targets::new()
        .with_target("callcenter_board", level)
        .with_default(libraries);
    let lines = tracing_subscriber::fmt::layer()
        .with_target(false)
        .with_ansi(false)
        .with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines).with(heard).init();
    let settings = match options.settings() {
        Ok(settings) => settings,
        Err(wrong) => {
            tracing::error!("{wrong}");
            return ExitCode::from(BAD_CONFIGURATION);
        }
    };
    let tokens = match Tokens::read(settings.supervisor.token_file.as_deref()) {
        Ok(tokens) => tokens,
        Err(wrong) => {
            tracing::error!("token-file: {wrong}");
            return ExitCode::from(BAD_CONFIGURATION);
        }
    };
    if options.check {
        tracing::info!("the configuration can be used");
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    match runtime.map_err(|wrong| wrong.to_string()).and_then(|runtime| {
        let result = runtime.block_on(run(settings, tokens));
        // Streams of pages would go on for as long as their browsers.
        runtime.shutdown_background();
        result
    }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            tracing::error!("{wrong}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for, as help is; or an option that cannot be used, which is in the environment as often as on the command line.
fn of_the_command_line(told: &clap::Error) -> ExitCode {
    // A closed output is no reason to end otherwise.
    let _ = told.print();
    if told.use_stderr() {
        ExitCode::from(BAD_CONFIGURATION)
    } else {
        ExitCode::SUCCESS
    }
}

async fn run(settings: Settings, tokens: Tokens) -> Result<(), String> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|wrong| format!("cannot listen on {}: {wrong}", settings.listen))?;
    let address = listener.local_addr().map_err(|wrong| wrong.to_string())?;
    tracing::info!("the board is at http://{address}/");
    if !address.ip().is_loopback() {
        tracing::info!("it is open to other machines: whoever reaches {address} sees the call centre");
    }
    let hub = Arc::new(Hub::new(Arc::new(settings)));
    let mut orders = Vec::new();
    for at in 0..hub.settings().addresses().len() {
        let (giving, waiting) = mpsc::channel(WAITING_COMMANDS);
        orders.push(giving);
        tokio::spawn(link::run(Arc::clone(&hub), at, waiting));
    }
    let mut terminated = signal(SignalKind::terminate()).map_err(|wrong| wrong.to_string())?;
    tokio::select! {
        result = web::serve(listener, hub, tokens, orders) => result.map_err(|wrong| wrong.to_string()),
        _ = tokio::signal::ctrl_c() => Ok(()),
        _ = terminated.recv() => Ok(()),
    }
}
