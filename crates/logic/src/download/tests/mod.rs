//! Tests of downloads with a server, a storage and a clock in memory.

mod host;
mod units;

use pollster::block_on;

use super::run::{FIRST_WAIT_MS, RETRIES};
use super::{Digest, Entry, Phase, RECORD_SUFFIX, RemoteFile, StoreError, StoredFile, download, key};
use host::{Answer, Event, MemoryHost, PART};

const URL: &str = "https://host/weights/resnet18-f37072fd.pth?x=1";
/// A file of two complete parts and one byte.
const BYTES: &[u8; 2 * PART + 1] = b"0123456789abcdefg";

fn remote(sha256: Option<&str>) -> RemoteFile {
    let sha256 = sha256.map(|digits| Digest::parse(digits).expect("should be a digest"));
    RemoteFile { url: URL.to_owned(), sha256 }
}

fn run(host: &MemoryHost, file: &RemoteFile) -> Result<StoredFile<Vec<u8>>, StoreError> {
    block_on(download(host, file))
}

/// Returns the bytes of the parts that are stored.
fn stored(host: &MemoryHost) -> u64 {
    let entry = block_on(Entry::load(&host.storage, &key(URL))).expect("should be readable");
    entry.map_or(0, |entry| entry.received(&host.storage))
}

/// Interrupts a download after `bytes` bytes for good.
fn interrupt(host: &MemoryHost, file: &RemoteFile, bytes: usize) {
    let mut answers = vec![Answer::Bytes(Some(bytes))];
    answers.resize(1 + RETRIES as usize, Answer::Bytes(Some(0)));
    host.answer(answers);
    assert!(matches!(run(host, file), Err(StoreError::Broken { .. })));
    host.events();
    host.progress.take();
}

#[test]
fn a_file_is_fetched_once() {
    let host = MemoryHost::new(BYTES);
    let file = run(&host, &remote(None)).expect("should download");
    assert_eq!((file.blob.as_slice(), file.was_stored), (BYTES.as_slice(), false));
    assert_eq!(host.requests(), [0]);
    // Parts of three chunks, and the rest; and the record.
    assert_eq!(host.storage.blobs.borrow().len(), 3);
    let again = run(&host, &remote(Some(&file.sha256))).expect("should be stored");
    assert_eq!((again.blob.as_slice(), again.was_stored), (BYTES.as_slice(), true));
    assert!(host.requests().is_empty());
}

#[test]
fn the_lock_is_taken_before_the_storage_is_read_and_released_last() {
    let host = MemoryHost::new(BYTES);
    run(&host, &remote(None)).expect("should download");
    let events = host.events();
    assert_eq!(events[..2], [Event::Lock, Event::Get(format!("{}{RECORD_SUFFIX}", key(URL)))]);
    assert_eq!(events.last(), Some(&Event::Unlock));
    assert_eq!(events.iter().filter(|event| **event == Event::Unlock).count(), 1);

    let busy = MemoryHost::new(BYTES);
    busy.is_busy.set(true);
    let error = run(&busy, &remote(None)).expect_err("should be busy");
    assert_eq!(error, StoreError::Busy { name: "resnet18-f37072fd.pth".to_owned() });
    assert!(busy.events().is_empty());
}

#[test]
fn the_record_is_written_before_the_first_part_and_completed_after_the_last() {
    let host = MemoryHost::new(BYTES);
    run(&host, &remote(None)).expect("should download");
    let put = |event| if let Event::Put(name) = event { Some(name.split('.').next_back()?.to_owned()) } else { None };
    let names: Vec<String> = host.events().into_iter().filter_map(put).collect();
    assert_eq!(names, ["json", "00000", "00001", "json"]);
}

#[test]
fn a_broken_connection_resumes_at_once() {
    let host = MemoryHost::new(BYTES);
    host.answer([Answer::Bytes(Some(5)), Answer::Closed(4)]);
    let file = run(&host, &remote(None)).expect("should download");
    assert_eq!(file.blob, BYTES);
    let waits: Vec<u32> = host
        .storage
        .events
        .borrow()
        .iter()
        .filter_map(|event| match event {
            Event::Sleep(ms) => Some(*ms),
            _ => None,
        })
        .collect();
    assert_eq!(waits, [FIRST_WAIT_MS, 2 * FIRST_WAIT_MS]);
    assert_eq!(host.requests(), [0, 5, 9]);
}

#[test]
fn a_connection_that_keeps_breaking_is_given_up_and_its_bytes_stay() {
    let host = MemoryHost::new(BYTES);
    host.answer(vec![Answer::Bytes(Some(1)); 1 + RETRIES as usize]);
    let error = run(&host, &remote(None)).expect_err("should break");
    let received = u64::from(1 + RETRIES);
    let expected =
        StoreError::Broken { name: "resnet18-f37072fd.pth".to_owned(), received, reason: "reset".to_owned() };
    assert_eq!(error, expected);
    assert_eq!(stored(&host), received);
}

#[test]
fn a_later_download_resumes_and_hashes_the_stored_bytes() {
    let host = MemoryHost::new(BYTES);
    interrupt(&host, &remote(None), PART + 2);
    let file = run(&host, &remote(None)).expect("should resume");
    assert_eq!((file.blob.as_slice(), file.was_stored), (BYTES.as_slice(), false));
    let whole = MemoryHost::new(BYTES);
    assert_eq!(file.sha256, run(&whole, &remote(None)).expect("should download").sha256);
    assert_eq!(host.requests(), [PART as u64 + 2]);
    let phases = host.phases();
    assert_eq!((phases.first(), phases.last()), (Some(&Phase::Check), Some(&Phase::Download)));
    let last = *host.progress.borrow().last().expect("should report");
    assert_eq!((last.received, last.total, last.resumed), (17, Some(17), PART as u64 + 2));
}

#[test]
fn another_version_begins_again() {
    let host = MemoryHost::new(BYTES);
    interrupt(&host, &remote(None), 10);
    *host.file.borrow_mut() = b"another file, and longer".to_vec();
    *host.etag.borrow_mut() = Some("\"2\"".to_owned());
    let file = run(&host, &remote(None)).expect("should download");
    assert_eq!(file.blob, b"another file, and longer");
    assert_eq!(host.requests(), [10, 0]);
    assert_eq!(host.closed.get(), 1);
}

#[test]
fn without_a_version_only_a_digest_allows_to_resume() {
    let host = MemoryHost::new(BYTES);
    *host.etag.borrow_mut() = None;
    interrupt(&host, &remote(None), 10);
    run(&host, &remote(None)).expect("should download");
    assert_eq!(host.requests(), [0]);

    let sha256 = run(&host, &remote(None)).expect("should be stored").sha256;
    let known = MemoryHost::new(BYTES);
    *known.etag.borrow_mut() = None;
    interrupt(&known, &remote(Some(&sha256)), 10);
    run(&known, &remote(Some(&sha256))).expect("should resume");
    assert_eq!(known.requests(), [10]);
}

#[test]
fn a_server_without_ranges_begins_again() {
    let host = MemoryHost::new(BYTES);
    interrupt(&host, &remote(None), 10);
    host.answer([Answer::Complete]);
    let file = run(&host, &remote(None)).expect("should download");
    assert_eq!(file.blob, BYTES);
    let last = *host.progress.borrow().last().expect("should report");
    assert_eq!((last.received, last.resumed), (17, 0));
}

#[test]
fn a_range_that_is_not_allowed_or_not_the_requested_one_begins_again() {
    let wrong =
        |range: &str| Answer::Headers(206, vec![("etag", "\"1\"".to_owned()), ("content-range", range.to_owned())]);
    for answer in [Answer::Nothing, Answer::Status(416), wrong("bytes 9-16/17"), wrong("bytes 10-16/18")] {
        let host = MemoryHost::new(BYTES);
        interrupt(&host, &remote(None), 10);
        host.answer([answer.clone()]);
        let file = run(&host, &remote(None)).expect("should download");
        assert_eq!(file.blob, BYTES, "{answer:?}");
        assert_eq!(host.requests(), [10, 0], "{answer:?}");
    }
}

#[test]
fn a_file_with_another_digest_is_deleted() {
    let host = MemoryHost::new(BYTES);
    let error = run(&host, &remote(Some("00000000"))).expect_err("should be refused");
    assert!(matches!(error, StoreError::Hash { .. }), "{error}");
    assert!(host.storage.blobs.borrow().is_empty());
}

#[test]
fn a_stored_file_with_another_digest_is_fetched_again() {
    let host = MemoryHost::new(b"an older file");
    run(&host, &remote(None)).expect("should download");
    *host.file.borrow_mut() = BYTES.to_vec();
    host.requests();
    let sha256 = run(&MemoryHost::new(BYTES), &remote(None)).expect("should download").sha256;
    let file = run(&host, &remote(Some(&sha256))).expect("should download");
    assert_eq!((file.blob.as_slice(), host.requests()), (BYTES.as_slice(), vec![0]));
}

#[test]
fn a_cancelled_download_keeps_its_bytes() {
    let host = MemoryHost::new(BYTES);
    host.cancel_after.set(Some(2));
    host.answer([Answer::Bytes(Some(6))]);
    assert!(matches!(run(&host, &remote(None)), Err(StoreError::Cancelled { .. })));
    assert_eq!(stored(&host), 6);
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn a_file_without_room_is_not_begun() {
    let host = MemoryHost::new(BYTES);
    host.storage.free.set(Some(16));
    let name = "resnet18-f37072fd.pth".to_owned();
    let full = Err(StoreError::Full { name, needs: Some(17), free: Some(16) });
    assert_eq!(run(&host, &remote(None)).map(|file| file.sha256), full);
    assert!(host.storage.blobs.borrow().is_empty());

    host.storage.free.set(Some(100));
    host.storage.is_full.set(true);
    let error = run(&host, &remote(None)).expect_err("should be full");
    assert!(matches!(error, StoreError::Full { needs: Some(17), free: Some(100), .. }), "{error}");
}

#[test]
fn no_response_and_other_statuses_are_explained() {
    let host = MemoryHost::new(BYTES);
    host.answer([Answer::Nothing]);
    assert!(matches!(run(&host, &remote(None)), Err(StoreError::Unreachable { .. })));
    for status in [404, 416, 206, 500] {
        host.answer([Answer::Status(status)]);
        let error = run(&host, &remote(None)).expect_err("should be refused");
        assert!(matches!(error, StoreError::Status { status: got, .. } if got == status), "{error}");
    }
}

#[test]
fn more_bytes_than_announced_are_deleted() {
    let host = MemoryHost::new(BYTES);
    host.answer([Answer::Headers(200, vec![("content-length", "16".to_owned())])]);
    let error = run(&host, &remote(None)).expect_err("should be refused");
    assert!(matches!(error, StoreError::Length { received: 17, total: 16, .. }), "{error}");
    assert!(host.storage.blobs.borrow().is_empty());
}

#[test]
fn progress_grows_and_is_reported_at_most_every_fifty_milliseconds() {
    let host = MemoryHost::new(&[7; 300]);
    run(&host, &remote(None)).expect("should download");
    let progress = host.progress.take();
    assert!(progress.is_sorted_by_key(|progress| progress.received));
    // 100 chunks at intervals of 20 ms: the first, every third, and the last.
    assert_eq!(progress.len(), 1 + 33 + 1);
    assert_eq!(progress.last().map(|progress| progress.received), Some(300));
}

#[test]
fn an_entry_that_claims_to_be_complete_and_is_not_is_deleted() {
    let host = MemoryHost::new(BYTES);
    run(&host, &remote(None)).expect("should download");
    host.storage.blobs.borrow_mut().remove(&format!("{}.00001", key(URL)));
    assert_eq!(stored(&host), 0);
    assert!(host.storage.blobs.borrow().is_empty());
    host.storage.blobs.borrow_mut().insert(format!("{}{RECORD_SUFFIX}", key(URL)), b"{".to_vec());
    assert_eq!(stored(&host), 0);
    assert!(host.storage.blobs.borrow().is_empty());
}

#[test]
fn records_of_earlier_versions_of_the_page_are_read() {
    let text =
        r#"{"url":"https://host/a","total":3,"version":{"etag":null,"modified":"Mon"},"sha256":null,"whole":false}"#;
    let record: super::Record = serde_json::from_str(text).expect("should be a record");
    assert_eq!(serde_json::to_string(&record).expect("should be JSON"), text);
}
