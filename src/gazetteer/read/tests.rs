use std::{fs, io::Write, path::Path};

use super::*;
use crate::gazetteer::{EntryKind, Quality};

const CODE_POINT: &str = "\"DY1 1HF\",10,394400,290300,\"E92000001\",\"\",\"\",\"\",\"E08000027\",\"E05001254\"\n\
    \"DY111AA\",50,383000,276000,\"E92000001\",\"\",\"\",\"\",\"\",\"\"\r\n\
    \"AB101AB\",10,394251,806376,\"S92000003\",\"\",\"\",\"\",\"\",\"\"\n\
    \"DY1 9ZZ\",90,0,0,\"E92000001\",\"\",\"\",\"\",\"\",\"\"\n\
    \"DY1 1HC\",10,394400,290300,\"E92000001\",\"\",\"\",\"\",\"\",\"\"\n\
    \"DY1 1HG\",15,394400,290300,\"E92000001\",\"\",\"\",\"\",\"\",\"\"\n\
    \"DY1 1HH\",10,39440O,290300,\"E92000001\",\"\",\"\",\"\",\"\",\"\"\n\
    \"DY1 1HJ\",10,394400\n\
    \"DY1 1HF\",10,394401,290301,\"E92000001\",\"\",\"\",\"\",\"\",\"\"\n";

fn bounds() -> Bounds {
    Bounds::between(
        GridPoint::new(370_000.0, 270_000.0).unwrap(),
        GridPoint::new(410_000.0, 310_000.0).unwrap(),
    )
}

fn read_one(folder: &Path, name: &str, bytes: &[u8]) -> Result<Read, ReadError> {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    read_files(&[path], &bounds(), &mut |_| ())
}

fn check(read: &Read) {
    let Counts { read: rows, taken, elsewhere, without_position, rejected } = read.counts;
    assert_eq!(rows, taken + elsewhere + without_position + rejected);
    assert_eq!(taken, (read.postcodes.len() + read.uprns.len()) as u64);
    assert_eq!(rows, read.sources.iter().map(|source| source.rows).sum::<u64>());
}

fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn code_point_open_is_accounted_for_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let read = read_one(folder.path(), "dy_2014-08.csv", CODE_POINT.as_bytes()).unwrap();
    check(&read);
    let expected = Counts { read: 9, taken: 2, elsewhere: 1, without_position: 1, rejected: 5 };
    assert_eq!(read.counts, expected);
    assert_eq!(read.postcodes[0].postcode.to_string(), "DY1 1HF");
    assert_eq!(read.postcodes[1].quality, Quality::new(50).unwrap());
    let told: Vec<_> =
        read.faults.iter().map(|fault| (fault.line, fault.column, fault.fault.value.as_str())).collect();
    assert_eq!(
        told,
        [
            (5, Some("postcode"), "DY1 1HC"),
            (6, Some("quality"), "15"),
            (7, Some("Eastings"), "39440O"),
            (8, None, "DY1 1HJ"),
            (9, Some("postcode"), "DY1 1HF"),
        ]
    );
    let source = &read.sources[0];
    assert_eq!((source.kind, source.edition.as_deref()), (EntryKind::Postcodes, Some("2014-08")));
    assert_eq!(source.sha256.len(), 64);
}

#[test]
fn every_packing_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let header = "Postcode,Positional_quality_indicator,Eastings,Northings,Country_code,NHS_regional_HA_code,NHS_HA_code,\
                  Admin_county_code,Admin_district_code,Admin_ward_code\n";
    let archive = zipped(&[
        ("Data/CSV/dy.csv", CODE_POINT),
        ("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ\n"),
        ("Doc/licence.txt", "x"),
    ]);
    for (name, bytes) in [
        ("plain.csv", CODE_POINT.as_bytes().to_vec()),
        ("header.csv", [header, CODE_POINT].concat().into_bytes()),
        ("packed.csv.gz", gzipped(CODE_POINT)),
        ("codepo_gb.zip", archive),
    ] {
        let read = read_one(folder.path(), name, &bytes).unwrap();
        check(&read);
        assert_eq!((read.counts.read, read.counts.taken, read.counts.rejected), (9, 2, 5), "{name}");
    }
}

#[test]
fn the_directory_keeps_what_has_ended_and_leaves_northern_ireland_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = "pcd,pcd2,pcds,dointr,doterm,oseast1m,osnrth1m,osgrdind\n\
        DY1 1HF,DY1  1HF,DY1 1HF,198001,,0394400,0290300,1\n\
        DY1 1HG,DY1  1HG,DY1 1HG,198001,199606,394500,290400,8\n\
        BT1 1AA,BT1  1AA,BT1 1AA,198001,,0394400,0290300,1\n\
        GY1 1AA,GY1  1AA,GY1 1AA,198001,,,,9\n\
        NPT 0AA,NPT  0AA,NPT 0AA,198001,199606,331000,188000,1\n";
    for header in [text.to_owned(), text.replace("oseast1m,osnrth1m,osgrdind", "EAST1M,NORTH1M,GRIDIND")] {
        let read = read_one(folder.path(), "ONSPD_AUG_2025_UK.csv", header.as_bytes()).unwrap();
        check(&read);
        let ended: Vec<_> = read.postcodes.iter().map(|one| (one.quality.get(), one.terminated)).collect();
        assert_eq!(ended, [(10, false), (80, true)]);
        assert_eq!((read.counts.elsewhere, read.counts.without_position), (2, 1));
    }
    let parts = zipped(&[("Data/ONSPD_UK.csv", text), ("Data/multi_csv/ONSPD_UK_DY.csv", text)]);
    assert_eq!(read_one(folder.path(), "onspd.zip", &parts).unwrap().counts.read, 5);
}

#[test]
fn open_uprn_is_read_with_its_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\u{feff}UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n\
        90014521,394607.65,294649.28,52.5,-2.08\n\
        1,358260.66,172796.5,51.4526,-2.6020\n\
        x,394607.65,294649.28,52.5,-2.08\n";
    let read = read_one(folder.path(), "osopenuprn_202508.csv", text.as_bytes()).unwrap();
    check(&read);
    assert_eq!((read.counts.taken, read.counts.elsewhere, read.counts.rejected), (1, 1, 1));
    assert_eq!((read.uprns[0].uprn.get(), read.uprns[0].grid.easting_m()), (90_014_521, 394_607.65));
    assert_eq!(read.sources[0].kind, EntryKind::Uprns);
}

#[test]
fn what_is_no_gazetteer_or_is_cut_off_is_an_error_and_not_half_a_gazetteer() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, said) in [
        ("other.csv", b"a,b,c\n1,2,3\n".to_vec(), "no table that is known"),
        ("empty.csv", Vec::new(), "holds no table"),
        ("long.csv", vec![b'x'; 1 << 20], "bytes"),
        ("docs.zip", zipped(&[("Doc/a.csv", "x")]), "holds no table"),
        (
            "mixed.zip",
            zipped(&[("a.csv", CODE_POINT), ("b.csv", "UPRN,X_COORDINATE,Y_COORDINATE\n")]),
            "two files",
        ),
    ] {
        let error = read_one(folder.path(), name, &bytes).unwrap_err();
        assert!(error.to_string().contains(said), "{name}: {error}");
    }
    let many = CODE_POINT.repeat(50);
    for (name, whole) in [("cut.csv.gz", gzipped(&many)), ("cut.zip", zipped(&[("a.csv", &many)]))] {
        let error = read_one(folder.path(), name, &whole[..whole.len() - 30]).unwrap_err();
        assert!(matches!(error, ReadError::Unreadable { .. }), "{name}: {error}");
    }
    assert!(read_files(&["no such file".into()], &bounds(), &mut |_| ()).is_err());
}

#[test]
fn any_bytes_are_read_without_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let hostile: [&[u8]; 4] = [
        b"PK\x03\x04\xff\xff",
        b"\x1f\x8b\x08\0",
        b"\xff\xfe,\"\",\n",
        b"UPRN,X_COORDINATE,Y_COORDINATE\n\"\",\xff,-0\n\n",
    ];
    for (number, bytes) in hostile.into_iter().enumerate() {
        if let Ok(read) = read_one(folder.path(), &format!("{number}.csv"), bytes) {
            check(&read);
        }
    }
}
