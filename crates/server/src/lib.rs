//! The server: assembles routes and subscribers of the capabilities, sign-in, health.
