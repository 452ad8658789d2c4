//! Files that were cut off or damaged on their way: one of a form that knows its end is refused as data, by its name, and none is read as if it were whole.

use super::{MAP, json_lines, ocel, of_format, xes};
use crate::packages::{Random, TempFolder, authored, data_file};
use concord_cli::data::read::{ReadError, ReadOptions, load_mapping, read_export};
use concord_cli::exit::Exit;
use concord_engine::plan::Package;
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// Each form: its mapping, the name of a file and its bytes, and the bytes at its end that it can do without.
fn forms() -> Vec<(String, &'static str, Vec<u8>, usize)> {
    let csv = std::fs::read(data_file("sepsis/sepsis.csv")).unwrap();
    let case = of_format("xes", &[("[\"case_id\"]", "[\"case:concept:name\"]")]);
    let parquet = include_str!("../../data/formats/sepsis.map.toml").to_owned();
    vec![
        (MAP.to_owned(), "log.csv.gz", gzip(&csv), 0),
        (MAP.to_owned(), "log.csv.zst", zstd(&csv), 0),
        (of_format("json-lines", &[]), "log.ndjson.zst", zstd(json_lines().as_bytes()), 0),
        (case.clone(), "log.xes", xes().into_bytes(), 1),
        (case, "log.xes.gz", gzip(xes().as_bytes()), 0),
        (ocel::map(), "log.json", ocel::log().into_bytes(), 0),
        (parquet, "log.parquet", std::fs::read(data_file("formats/sepsis.parquet")).unwrap(), 0),
    ]
}

fn read(package: &Package, folder: &TempFolder, map: &str, name: &str, bytes: &[u8]) -> Result<u64, ReadError> {
    let mapping = load_mapping(package, &folder.write("m.toml", map.as_bytes())).unwrap();
    let path = [folder.write(name, bytes)];
    read_export(&package.plan, &mapping, &path, &ReadOptions::default(), &mut |_| {}).map(|export| export.data.rows)
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let (package, folder, mut random) = (authored("acute/sepsis"), TempFolder::new(), Random::seeded(0xc07));
    for (map, name, bytes, spare) in forms() {
        assert_eq!(read(&package, &folder, &map, name, &bytes).unwrap(), 15_214, "{name}");
        let end = bytes.len() - spare;
        let anywhere = (0..3).map(|_| usize::try_from(random.below(end as u64)).unwrap());
        let near = [1, 4, 9].map(|before| end - before);
        for length in [1, 20].into_iter().chain(anywhere).chain(near) {
            let fault = read(&package, &folder, &map, name, &bytes[..length]).unwrap_err();
            let text = fault.to_string();
            assert_eq!(fault.exit(), Exit::Data, "{name}, {length} bytes: {text}");
            assert!(text.contains(name) && !text.contains("Error"), "{name}, {length} bytes: {text}");
        }
    }
}

/// Whatever a bit becomes: the file is refused, or its rows are accounted for.
#[test]
fn a_file_that_is_damaged_ends_no_audit_in_a_fault() {
    let (package, folder, mut random) = (authored("acute/sepsis"), TempFolder::new(), Random::seeded(0xb17));
    for (map, name, bytes, _) in forms() {
        for _ in 0..5 {
            let mut damaged = bytes.clone();
            for _ in 0..=random.below(3) {
                let place = usize::try_from(random.below(bytes.len() as u64)).unwrap();
                damaged[place] ^= 1 << random.below(8);
            }
            if let Err(fault) = read(&package, &folder, &map, name, &damaged) {
                assert_eq!(fault.exit(), Exit::Data, "{name}: {fault}");
            }
        }
    }
}
