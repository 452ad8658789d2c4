//! What a module carries is packed, and comes back as it was.

use concord_wasm::abi::{pack, unpack};

#[test]
fn what_is_packed_comes_back() {
    let long = "the same again, ".repeat(999);
    let every: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let random = |seed: &mut u32| {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 24) as u8
    };
    let noise: Vec<u8> = (0..5_000).scan(7, |seed, _| Some(random(seed))).collect();
    for text in [b"".as_slice(), b"a", b"aa", b"abababab", long.as_bytes(), &every, &noise] {
        let packed = pack(text).unwrap();
        assert_eq!(unpack(&packed, text.len()).as_deref(), Some(text));
        assert!(packed.len() < text.len() + text.len() / 16 + 8, "{} of {}", packed.len(), text.len());
    }
    assert!(pack(long.as_bytes()).unwrap().len() < 60);
}

/// A reader of its own, written from the page of the interface.
struct Reader<'p> {
    packed: &'p [u8],
    at: usize,
    state: u32,
}

impl Reader<'_> {
    fn two(&mut self) -> u32 {
        self.at += 2;
        let bytes = self.packed.get(self.at - 2..self.at).unwrap_or(&[0, 0]);
        u32::from(bytes[0]) + 256 * u32::from(bytes[1])
    }

    fn bit(&mut self, p: u32) -> u32 {
        let (low, high) = (self.state % 65_536, self.state / 65_536);
        let one = low < p;
        self.state = if one { p * high + low } else { self.state - p * (high + 1) };
        if self.state < 65_536 {
            self.state = self.state * 65_536 + self.two();
        }
        u32::from(one)
    }
}

fn digest(number: u64) -> u32 {
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// The odds of each step, from the lowest.
fn curve() -> Vec<i32> {
    let mut c: u128 = 1_441_000;
    let next = |_| {
        let odds = (c >> 16) as i32;
        c += c * ((1 << 32) - c) / (1 << 40);
        odds
    };
    (-2_048..2_048).map(next).collect()
}

/// What the views know, and their weights.
struct Known {
    curve: Vec<i32>,
    steps: Vec<i32>,
    known: Vec<(i32, i32)>,
    weights: Vec<[i32; 6]>,
}

impl Known {
    fn byte(&mut self, reader: &mut Reader<'_>, sees: [u32; 6], kind: usize) -> u8 {
        let mut byte = 1;
        for _ in 0..8 {
            let places = sees.map(|sees| ((sees.wrapping_add(byte)).wrapping_mul(0x2f0b_4c47) >> 13) as usize);
            let steps = places.map(|place| self.steps[(self.known[place].0 + 2_048) as usize]);
            let sum = steps
                .iter()
                .zip(self.weights[kind])
                .fold(0_i32, |sum, (step, weight)| sum.wrapping_add(step.wrapping_mul(weight.wrapping_add(15_000))));
            let p = self.curve[((sum >> 16).clamp(-2_048, 2_047) + 2_048) as usize];
            let b = reader.bit(p as u32);
            let wrong = 65_536 * b as i32 - p;
            for view in (0..6).filter(|_| wrong.abs() > 512) {
                self.weights[kind][view] += (steps[view] * wrong) >> 15;
                let (known, often) = &mut self.known[places[view]];
                *known += (if b == 1 { 2_047 } else { -2_048 } - *known) * 2 / (2 * *often + 3);
                *often = (*often + 1).min(15);
            }
            byte = 2 * byte + b;
        }
        (byte % 256) as u8
    }
}

fn read(packed: &[u8], bytes: usize) -> Vec<u8> {
    let mut reader = Reader { packed, at: 0, state: 0 };
    reader.state = reader.two() + reader.two() * 65_536;
    let curve = curve();
    let step = |known: i32| (-2_048..2_048).rev().find(|step| curve[(step + 2_048) as usize] >> 4 <= known + 2_048);
    let steps = (-2_048..2_048).map(|known| step(known).unwrap_or(0)).collect();
    let mut known = Known { curve: curve.clone(), steps, known: vec![(0, 0); 1 << 19], weights: vec![[0; 6]; 32] };
    let (mut before, mut from, mut length, mut text) = (0_u64, 0, 0_u32, Vec::new());
    let mut places = vec![None; 32_768];
    while text.len() < bytes {
        let key = (digest(before >> 40) >> 17) as usize;
        if length == 0 {
            from = places[key].unwrap_or(from);
            length = u32::from(places[key].is_some());
        }
        places[key] = Some(text.len());
        let next = text.get(from).copied().filter(|_| length > 0);
        let kind = (32 - length.leading_zeros()) as usize;
        let mut byte = None;
        if length >= 16 {
            let is_other = reader.bit((80_000 >> kind) + 63) == 1;
            byte = next.filter(|_| !is_other);
        }
        let byte = byte.unwrap_or_else(|| {
            let added = [(63, 8_588_863), (56, 134_200), (48, 2_096), (32, 32)];
            let [a, b, c, d] = added.map(|(down, more)| digest((before >> down) + more));
            let e = digest(512 * kind as u64 + next.map_or(256, u64::from));
            let apart = digest(before >> 32 << 48);
            known.byte(&mut reader, [a, b, c, d, apart, e], kind)
        });
        text.push(byte);
        length = if next == Some(byte) { length + 1 } else { 0 };
        from += 1;
        before = before >> 8 | u64::from(byte) << 56;
    }
    text
}

/// What the page of the interface says of packing is all that it takes.
#[test]
fn a_reader_written_from_the_page_reads_the_same() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../wasm/ABI.md")).unwrap();
    for number in ["9e3779b97f4a7c15", "2f0b4c47", "1,441,000", "15,000", "80,000", "8,588,863", "134,200", "2,096"] {
        assert!(page.contains(number), "{number}");
    }
    let every: Vec<u8> = (0..=255).cycle().take(3_000).collect();
    for text in [page.as_bytes(), &every, b"", b"a"] {
        assert_eq!(read(&pack(text).unwrap(), text.len()), text);
    }
}

/// Whatever the bytes are, there is an end.
#[test]
fn bytes_that_nobody_packed_are_a_text_or_none() {
    let text = br#"{"name":"all normal","settings":{},"case":{"spo2":96}}"#.repeat(9);
    let packed = pack(&text).unwrap();
    // The last bytes may say more than the last bits need.
    for at in 0..packed.len() - 8 {
        let mut changed = packed.clone();
        changed[at] ^= 0x10;
        assert_ne!(unpack(&changed, text.len()).as_deref(), Some(text.as_slice()), "byte {at}");
    }
    for byte in [0, 0x55, 0xAA, 0xFF] {
        assert!(unpack(&[byte; 64], 1 << 20).is_none_or(|text| text.len() == 1 << 20));
    }
    assert_eq!(unpack(&packed, usize::MAX), None);
    assert_eq!(unpack(&[], 1), None);
}
