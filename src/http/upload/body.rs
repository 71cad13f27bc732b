//! The body of an upload, from the server's thread to the one that imports.

use std::{
    io::{self, Read},
    sync::mpsc,
    time::Duration,
};

use actix_web::{
    error::PayloadError,
    http::StatusCode,
    rt::time::{sleep, timeout},
    web::Bytes,
};
use futures_util::{Stream, StreamExt};

use crate::http::problem::Problem;

/// Chunks of a body that may wait for the import to take them.
const WAITING_CHUNKS: usize = 16;
/// How long the import is given before it is asked again whether it takes another chunk.
const PAUSE: Duration = Duration::from_millis(2);
/// How long a client may be silent: while it is, no other import can write to the store.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// Both ends of a body.
pub(super) fn channel() -> (Feed, Body) {
    let (send, chunks) = mpsc::sync_channel(WAITING_CHUNKS);
    let feed = Feed { send, longest_silence: LONGEST_SILENCE };
    (feed, Body { chunks, chunk: Bytes::new(), ended: false })
}

/// The end that takes the body from the client.
pub(super) struct Feed {
    send: mpsc::SyncSender<io::Result<Bytes>>,
    longest_silence: Duration,
}

impl Feed {
    /// Hands over all chunks. A body that is too long, breaks off or stalls ends with an error, so that
    /// nothing of it is committed.
    ///
    /// # Errors
    /// 413, 400 and 408 for these.
    pub(super) async fn all_of(
        self,
        mut payload: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
        most_bytes: u64,
    ) -> Result<(), Problem> {
        let mut taken = 0_u64;
        loop {
            let chunk = match timeout(self.longest_silence, payload.next()).await {
                Ok(None) => break,
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(error))) => {
                    let detail =
                        format!("the body broke off after {taken} bytes; nothing was imported ({error})");
                    let problem = Problem::new(StatusCode::BAD_REQUEST, "Incomplete body", detail);
                    return Err(self.give_up(io::ErrorKind::UnexpectedEof, problem).await);
                }
                Err(_elapsed) => {
                    let silence_s = self.longest_silence.as_secs();
                    let detail =
                        format!("nothing came for {silence_s} s after {taken} bytes; nothing was imported");
                    let problem = Problem::new(StatusCode::REQUEST_TIMEOUT, "Stalled body", detail);
                    return Err(self.give_up(io::ErrorKind::TimedOut, problem).await);
                }
            };
            taken += chunk.len() as u64;
            if taken > most_bytes {
                let detail = format!(
                    "a body has at most {most_bytes} bytes; send it in parts, or use hotspots import"
                );
                let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", detail);
                return Err(self.give_up(io::ErrorKind::FileTooLarge, problem).await);
            }
            // Empty, it would stand for the end.
            if !chunk.is_empty() && !self.push(Ok(chunk)).await {
                return Ok(());
            }
        }
        self.push(Ok(Bytes::new())).await;
        Ok(())
    }

    async fn give_up(&self, kind: io::ErrorKind, problem: Problem) -> Problem {
        self.push(Err(io::Error::new(kind, problem.to_string()))).await;
        problem
    }

    /// Sends without holding the server's thread while the import is behind; false when it has ended.
    async fn push(&self, mut chunk: io::Result<Bytes>) -> bool {
        loop {
            match self.send.try_send(chunk) {
                Ok(()) => return true,
                Err(mpsc::TrySendError::Disconnected(_)) => return false,
                Err(mpsc::TrySendError::Full(back)) => {
                    chunk = back;
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

/// The end that the import reads, on a thread that may block. An empty chunk is the body's end; a channel
/// that closes without one belongs to a request that was given up, of which nothing may be committed.
pub(super) struct Body {
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    chunk: Bytes,
    ended: bool,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() && !self.ended {
            let given_up = |_| io::Error::new(io::ErrorKind::UnexpectedEof, "the request was given up");
            self.chunk = self.chunks.recv().map_err(given_up)??;
            self.ended = self.chunk.is_empty();
        }
        let length = buffer.len().min(self.chunk.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: Vec<io::Result<Bytes>>) -> io::Result<String> {
        let (send, receive) = mpsc::sync_channel(chunks.len());
        for chunk in chunks {
            send.send(chunk).unwrap();
        }
        drop(send);
        let mut text = String::new();
        let mut body = Body { chunks: receive, chunk: Bytes::new(), ended: false };
        body.read_to_string(&mut text).map(|_| text)
    }

    #[actix_web::test]
    async fn a_body_that_stalls_is_given_up() {
        let (mut feed, mut body) = channel();
        feed.longest_silence = Duration::from_millis(10);
        let chunk = Ok(Bytes::from_static(b"a,b\n"));
        let stalls = futures_util::stream::iter([chunk]).chain(futures_util::stream::pending());
        let problem = feed.all_of(Box::pin(stalls), 1_000).await.unwrap_err();
        assert!(problem.to_string().contains("after 4 bytes"), "{problem}");
        let mut text = String::new();
        assert_eq!(body.read_to_string(&mut text).unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_body_ends_only_where_its_end_is_told() {
        let chunk = |text: &'static str| Ok(Bytes::from_static(text.as_bytes()));
        assert_eq!(read(vec![chunk("a,b\n"), chunk("1,2\n"), chunk("")]).unwrap(), "a,b\n1,2\n");
        assert_eq!(read(vec![chunk("")]).unwrap(), "");
        let given_up = read(vec![chunk("a,b\n"), chunk("1,2\n")]).unwrap_err();
        assert_eq!(given_up.kind(), io::ErrorKind::UnexpectedEof);
        assert!(read(vec![chunk("a"), Err(io::ErrorKind::FileTooLarge.into()), chunk("")]).is_err());
    }
}
