//! A service in a process of its own, and a caller with a socket who speaks as much HTTP as the tests need.

#![allow(clippy::disallowed_types, reason = "these tests call a service on this machine, which needs a socket")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::packages::concord;

/// A service that runs.
pub struct Service {
    child: Child,
    /// Where it listens.
    pub address: String,
    log: Arc<Mutex<String>>,
    reading: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts one, which takes drafts, with these further arguments.
    pub fn start(arguments: &[&str]) -> Service {
        let mut command = Command::new(concord());
        command.args(["serve", "--allow-draft", "--listen", "127.0.0.1:0"]).args(arguments);
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).expect("it says where it listens");
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        let reading = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let address = first["address"].as_str().expect("it listens").to_owned();
        Service { child, address, log, reading: Some(reading) }
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end: the exit code, and all that it logged.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        self.reading.take().unwrap().join().unwrap();
        (code, self.log.lock().unwrap().clone())
    }

    /// A new connection.
    pub fn connect(&self) -> Caller {
        Caller::to(&self.address).unwrap()
    }

    /// One request on a connection of its own.
    pub fn get(&self, path: &str) -> Answer {
        self.connect().ask("GET", path, &[], b"").unwrap()
    }

    /// The same where it may have ended.
    pub fn get_if_open(&self, path: &str) -> Option<Answer> {
        Caller::to(&self.address).ok()?.ask("GET", path, &[], b"").ok()
    }

    /// A case on a connection of its own.
    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.connect().post(path, body).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The name of the problem that it is.
    #[track_caller]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status);
        (self.status, body["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned())
    }
}

/// A connection that stays open.
pub struct Caller {
    reader: BufReader<TcpStream>,
}

impl Caller {
    /// A connection to an address.
    pub fn to(address: &str) -> std::io::Result<Caller> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_nodelay(true)?;
        Ok(Caller { reader: BufReader::new(stream) })
    }

    /// A case as JSON.
    pub fn post(&mut self, path: &str, body: &str) -> std::io::Result<Answer> {
        self.ask("POST", path, &[("Content-Type", "application/json")], body.as_bytes())
    }

    /// Any request with a body of known length.
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> std::io::Result<Answer> {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        self.send(&[text.as_bytes(), body].concat())?;
        self.answer()
    }

    /// These bytes, whatever they are.
    pub fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.reader.get_mut().write_all(bytes)
    }

    /// The next answer.
    pub fn answer(&mut self) -> std::io::Result<Answer> {
        let broken = |what: &str| std::io::Error::other(what.to_owned());
        let mut line = String::new();
        if self.reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| broken("no status"))?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                return Err(broken("it broke off within the headers"));
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        if answer.header("transfer-encoding") == "chunked" {
            while let Some(chunk) = self.chunk()? {
                answer.body.extend(chunk);
            }
        } else {
            answer.body = vec![0; answer.header("content-length").parse().unwrap_or(0)];
            self.reader.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    /// The next byte.
    pub fn byte(&mut self) -> std::io::Result<u8> {
        let mut byte = [0];
        self.reader.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    /// The next part of a body that comes in parts; none at its end.
    pub fn chunk(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
        let mut chunk = vec![0; length + 2];
        self.reader.read_exact(&mut chunk)?;
        chunk.truncate(length);
        Ok((length > 0).then_some(chunk))
    }
}
