//! The wire format of protobuf: numbered fields, one after another.

use super::BadProtobuf;

#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) number: u64,
    pub(super) value: Raw<'a>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Eight or four bytes: the double of a float.
    Fixed(u64),
}

impl<'a> Raw<'a> {
    pub(super) fn bytes(self) -> Result<&'a [u8], BadProtobuf> {
        match self {
            Raw::Bytes(bytes) => Ok(bytes),
            Raw::Number(_) | Raw::Fixed(_) => Err(BadProtobuf::Tag),
        }
    }

    pub(super) fn number(self) -> Result<u64, BadProtobuf> {
        match self {
            Raw::Number(number) => Ok(number),
            Raw::Bytes(_) | Raw::Fixed(_) => Err(BadProtobuf::Tag),
        }
    }

    pub(super) fn text(self) -> Result<String, BadProtobuf> {
        String::from_utf8(self.bytes()?.to_vec()).map_err(|_| BadProtobuf::Text)
    }
}

/// The fields of a message; ends after the first that is broken.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Fields<'a> {
        Fields { rest: bytes }
    }

    fn field(&mut self) -> Result<Field<'a>, BadProtobuf> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Raw::Number(self.varint()?),
            1 => Raw::Fixed(self.fixed::<8>()?),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| BadProtobuf::Short)?;
                Raw::Bytes(self.take(length)?)
            }
            5 => Raw::Fixed(self.fixed::<4>()?),
            _ => return Err(BadProtobuf::Tag),
        };
        if key >> 3 == 0 {
            return Err(BadProtobuf::Tag);
        }
        Ok(Field { number: key >> 3, value })
    }

    pub(super) fn varint(&mut self) -> Result<u64, BadProtobuf> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take(1)? else { return Err(BadProtobuf::Short) };
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(BadProtobuf::Number)
    }

    fn fixed<const N: usize>(&mut self) -> Result<u64, BadProtobuf> {
        let bytes = self.take(N)?;
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], BadProtobuf> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(BadProtobuf::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, BadProtobuf>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}
