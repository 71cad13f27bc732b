//! A server on loopback that can do what servers should not: fall silent, break off, answer with pages.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) query: String,
    headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, as it was before it was escaped.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let pair =
            self.query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name));
        pair.map(|(_, value)| unescaped(value))
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' && after.len() >= 2 {
            bytes.push(u8::from_str_radix(str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    cut: Option<usize>,
    silence: Duration,
    /// Once it is written, before the connection is closed.
    stall: Duration,
}

impl Answer {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            cut: None,
            silence: Duration::ZERO,
            stall: Duration::ZERO,
        }
    }

    pub(crate) fn json(value: &serde_json::Value) -> Self {
        Self::new(200, value.to_string())
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says how long the body is, and ends after so many bytes of it.
    pub(crate) fn cut_at(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    /// Falls silent after so many bytes, and keeps the connection.
    pub(crate) fn stalled_at(mut self, bytes: usize) -> Self {
        self.stall = Duration::from_mins(1);
        self.cut_at(bytes)
    }

    pub(crate) fn after(mut self, silence: Duration) -> Self {
        self.silence = silence;
        self
    }

    fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        thread::sleep(self.silence);
        let mut head = format!(
            "HTTP/1.1 {} Said\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.status,
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        stream.write_all(head.as_bytes())?;
        stream.write_all(b"\r\n")?;
        stream.write_all(&self.body[..self.cut.unwrap_or(self.body.len())])?;
        thread::sleep(self.stall);
        Ok(())
    }
}

/// A server that lives as long as the tests do.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn start(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (noted, handler) = (Arc::clone(&seen), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (noted, handler) = (Arc::clone(&noted), Arc::clone(&handler));
                thread::spawn(move || {
                    // A client that hangs up is no matter of the server's.
                    let _ = serve(stream, &noted, handler.as_ref());
                });
            }
        });
        Self { address, seen }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn forget(&self) {
        self.seen.lock().unwrap().clear();
    }
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    handler: &(impl Fn(&Request) -> Answer + ?Sized),
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut headers = Vec::new();
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let request = Request { path: path.to_owned(), query: query.to_owned(), headers };
    seen.lock().unwrap().push(request.clone());
    handler(&request).write(&mut stream)
}
