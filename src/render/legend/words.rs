//! Text in lines that are not too long. What a text takes is estimated from above: which font a reader has is
//! not known, and `DejaVu Sans`, the one that is carried along, is among the widest.

/// A font's size and weight.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// Height of the font in pixels.
    pub size_px: f32,
    /// Whether it is bold.
    pub bold: bool,
}

impl Face {
    /// At most so many pixels wide is a text.
    pub fn width_px(self, text: &str) -> f32 {
        let wider = if self.bold { 1.16 } else { 1.0 };
        text.chars().map(em).sum::<f32>() * self.size_px * wider
    }

    /// A text in lines of at most so many pixels, parted between words, and within a word that is longer.
    pub fn lines(self, text: &str, most_px: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && self.width_px(&line) + self.width_px(" ") + self.width_px(word) > most_px {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for c in word.chars() {
                if !line.is_empty() && self.width_px(&line) + em(c) * self.size_px > most_px {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// How wide a letter is at most, as a part of the font's size.
const fn em(c: char) -> f32 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l' => 0.34,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' | '!' | 'I' | 'J' => 0.42,
        'a'..='z' if c != 'm' && c != 'w' => 0.64,
        '0'..='9' => 0.64,
        'A'..='Z' if c != 'M' && c != 'W' => 0.79,
        _ => 1.0,
    }
}
