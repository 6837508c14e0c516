import { wordSet } from "./word-set.js";

/** Words that belong to the number beside them. All are compared in lower case, without the punctuation around them. */

/** Units: they stay with the number before them. */
export const unitWords = wordSet(
  `% ‰ ° °c °f k ns µs μs us ms s sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks
  month months year years yr yrs decade decades century centuries quarter quarters am pm a.m p.m utc gmt b kb mb gb tb pb
  kib mib gib tib byte bytes bit bits kbit mbit gbit bps kbps mbps gbps kb/s mb/s gb/s mib/s nm µm μm um mm cm m km inch
  inches ft foot feet yard yards mi mile miles nmi acre acres hectare hectares ha sqft m2 m3 km2 mg g kg lb lbs oz ton tons
  tonne tonnes ml cl l liter liters litre litres gallon gallons hz khz mhz ghz v mv kv ma w kw mw gw kwh mwh wh j kj mj
  cal kcal pa kpa mpa bar psi atm mol mmol ph db px em rem pt dpi fps rpm qps rps x times percent percentage pp bp bps
  degree degrees usd eur gbp jpy cny inr chf rub brl dollar dollars euro euros pound pounds yen yuan rupees cents cent
  token tokens core cores thread threads pixel pixels page pages item items people persons units stunden minuten sekunden
  tage jahre euro prozent heures minutes secondes jours ans años horas segundos días anos dias ore secondi giorni anni
  часов часа минут секунд дней лет год года рублей процентов`,
);

/** Numbers written as words: they stay with the number before them, and the unit after them does too. */
export const magnitudeWords = wordSet(
  "hundred thousand million millions billion billions trillion trillions dozen bn mn mio mrd million millionen milliarden millones milhões milioni миллионов тысяч тыс млн млрд",
);

/** Between two numbers, these make one thing of the three: `3 x 4`, `10 to 20`. */
export const numberConnectors = wordSet("x × * by to - – / + = : of ± bis à a до");

/** Words that the number after them completes: `port 8080`, `step 3`. */
export const labelWords = wordSet(
  `version v ver release port line lines column col page pages chapter section step steps part figure fig table item
  issue pr rfc no number nr nos code status level stage phase grade type class room apartment flight route highway
  article amendment exit http errno signal pid id under over above below within per every than exceeds exceed least
  most max min maximum minimum until since before after by ~ ≈ < > <= >= ≤ ≥ = $ € £ ¥ usd eur gbp`,
);

/** Two words before a number that change what it says: `up to 5`, `less than 5`. */
export const boundPhrases = wordSet(
  "at-least at-most up-to less-than more-than fewer-than greater-than higher-than lower-than larger-than smaller-than later-than earlier-than as-many as-much not-exceed",
);

/** Months, which make a date of the number beside them. `may`, `march` and `mai` are also other words: a number decides. */
export const monthWords = wordSet(
  `january february march april may june july august september october november december jan feb mar apr jun jul aug sep
  sept oct nov dec januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août
  septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
  diciembre janeiro fevereiro março maio junho julho setembro outubro dezembro gennaio febbraio aprile maggio giugno
  luglio settembre ottobre dicembre января февраля марта апреля мая июня июля августа сентября октября ноября декабря`,
);

/** Dots in these part no names. */
export const dottedAbbreviations = wordSet("e.g i.e a.k.a p.s vs cf z.b d.h u.a p.ex");
