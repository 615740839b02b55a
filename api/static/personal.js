// Personal data that can be told by its form: who types it is warned before it is sent.
// The service masks the same before it keeps a question (rag/review/masking.py); a test holds both together.

const EMAIL = /[\p{L}\p{N}_.+-]+@[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/u;
const IBAN = /\b[A-Z]{2}\d{2} ?[A-Z0-9]{4}(?: ?\d{4}){2,6}(?: ?\d{1,3})?\b/gi;
const PHONE = /(?<![\w.,])(?:\+31|0031|0)(?: ?\(0\))?(?:[ -]?\d){9}(?!\d)/;
const NINE_DIGITS = /(?<![\w.,])\d(?:[ .]?\d){8}(?![\d,]|\.\d)/g;

/** Return whether the text holds an e-mail address, phone number, account number or citizen service number. */
export function holdsPersonalData(text) {
  return EMAIL.test(text) || PHONE.test(text)
    || (text.match(IBAN) ?? []).some(isIban) || (text.match(NINE_DIGITS) ?? []).some(isBsn);
}

/** Check the two check digits: ISO 13616, modulo 97. */
function isIban(found) {
  const plain = found.replaceAll(" ", "").toUpperCase();
  const digits = [...plain.slice(4), ...plain.slice(0, 4)].map((sign) => parseInt(sign, 36)).join("");
  return BigInt(digits) % 97n === 1n;
}

/** Check a burgerservicenummer by the "elfproef": weights 9 to 2 and -1, a sum that 11 divides. */
function isBsn(found) {
  const digits = found.replace(/\D/g, "");
  return [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at === 8 ? -1 : 9 - at), 0) % 11 === 0;
}
