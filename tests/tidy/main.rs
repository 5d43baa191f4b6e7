//! The house is kept tidy: rooms and their floors, files, functions, tests and comments. Each failure names the file, and the arrow that climbs.

mod builds;
mod calls;
mod circles;
mod files;
mod functions;
mod imports;
mod issues;
mod marks;
mod names;
mod rooms;
