//! What is said in random packages: the subject, and a few sentences for each construct.

/// What a case is.
pub const SUBJECT: &str = r"
enum Tone    { limp = 0, weak = 1.5, strong = 3 }
enum Urgency { very_urgent, urgent, routine }

subject Patient {
  provider : organisation
  referrer : organisation
  age      : integer 0..130 years
  lactate  : decimal 0.0..30.0 mmol/L
  weight   : optional decimal 0.0..400.0 kg
  own      : nhs number
  mother   : optional nhs number
  received : date
  due_on   : optional date
  booked   : optional instant
  tone     : Tone
  cry      : optional Tone
  frail    : yes/no
  amount   : decimal 0.00..100000.00 GBP
  event Referral   { urgency : Urgency, adult : yes/no }
  event Contact    { face_to_face : yes/no, score : integer 0..20 }
  event Medication : span { code : code }
  event Device     : span { code : code }
  event Encounter  : span { inpatient : yes/no }
  event Review
  event Discharge
  ends with Discharge
}
";

/// What a package says whose subject another takes over.
pub const COMMON: &str = r#"
codes listed { "enoxaparin", "stockings" }

parameter from_age : integer 0..130 years = 16 years

events Kept = Medication where code in listed or Device where code in listed

define adult            = age >= from_age
define clear of Contact = score > 9
define ever_clear       = any Contact where clear
define kept             = count Kept
"#;

/// What the package says that takes the subject over.
pub const TAKEN_OVER: &str = r"
use sample.common as common

subject Patient : common.Patient { event Letter }

define h_list       = count Medication where code in common.listed
define h_parameter  = age - common.from_age
define h_case       = common.adult and common.ever_clear
define h_event      = count Contact where common.clear
define h_set        = count common.Kept after (first Contact where common.clear), if any
define h_count      = common.kept
define h_own        = count (common.Kept or Letter)
obligation h_expect { for provider from first Letter expect (common.Kept or Review) within 3 h }
";

/// Each construct by its name, and sentences of it; the names that they declare are their own.
pub const CONSTRUCTS: [(&str, &str); 36] = [
    (
        "bundle",
        r#"obligation b_part { for provider from first Referral expect Contact where score > ‹0..12› within ‹2..9› h }
obligation b_all {
  for provider
  applies when age >= ‹1..129›
  all of b_part, weight is not none, frail
  excused when tone is ‹limp|weak› because "so"
}
define b_open = b_all is ‹open|met|missed|excused|not_applicable›"#,
    ),
    (
        "table of an event",
        "table t_time of Referral {
  urgency     adult | t_time
  very_urgent any   | ‹1..4› h
  urgent      yes   | ‹2..6› h
  urgent      no    | ‹3..9› h
  routine     any   | none
}
obligation t_seen { for provider for each Referral where t_time is not none expect Contact within t_time }
define t_least = lowest t_time of Referral",
    ),
    (
        "definition of an event",
        "define i_clear of Contact = face_to_face ‹and|or› score > ‹1..18›
define i_late of Contact  = i_clear and any Review after at
define i_count = count Contact where i_late
define i_first = score of first Contact where not i_clear",
    ),
    (
        "choice of an event",
        "choose j_kind of Contact first {
  good when face_to_face and score > ‹2..9›
  poor when score > ‹1..12›
  none otherwise
}
define j_poor = count Contact where j_kind is poor
define j_last = j_kind of last Contact",
    ),
    (
        "later and earlier",
        "define l_later   = later of first Contact, ‹first|last› Review, booked
define l_earlier = earlier of booked, last Contact, ‹first|last› Review
define l_dates   = later of due_on, (received + ‹1..30› days)
define l_moved   = (earlier of due_on, received) ‹+ 1 month|- 2 weeks|+ 3 working days›",
    ),
    (
        "from a date, by a date",
        "define d_due = later of due_on, (received + ‹1..30› days)
obligation d_by    { for provider from received expect Review by d_due }
obligation d_month { for provider from due_on expect ‹|no ›Review within ‹1 month|2 months› }
obligation d_added { for provider from received expect Contact within ‹2..40› calendar days + (if frail then 10 calendar days else 0 calendar days) }",
    ),
    (
        "deadlines of the calendar",
        "obligation a_clock   { for provider for each Referral expect Contact by ‹02:00|10:00› ‹same day|next day|2 days later› }
obligation a_working { for provider from first Referral expect Review within ‹1..3› working days }",
    ),
    (
        "shares",
        "table s_split first {
  age              frail | s_referrer s_provider
  < ‹10..70› years any   | 1.0        0.0
  any              yes   | 0.5        0.5
  any              no    | 0.3        0.7
}
measure s_shared {
  of       cases where lactate > ‹1..9›.0
  met      when frail
  shared   by referrer s_referrer, provider s_provider
  unknown  left out
}",
    ),
    (
        "figures",
        "measure f_median  { of cases where age > ‹18..60› value median of lactate neither is better for provider }
measure f_high    { value percentile ‹75|95› of days from received to due_on in bands of 1 days up to 100 days lower is better for provider }
measure f_sum     { value sum of amount neither is better for provider }
measure f_per     { value sum of count Review per 1000 count Contact neither is better for provider }
measure f_ratio   { value sum of sum length of Device per 100 sum length of Encounter neither is better for provider }
measure f_weight  { of cases met when lactate > ‹1..9› weighted by amount unknown counts against for provider }
define f_stay = sum length of Encounter where inpatient",
    ),
    (
        "sets of events",
        r#"codes g_heparins { "enoxaparin", "dalteparin" }
codes g_devices  { "stockings", "pump" }
events g_worn  = Device where code in g_devices
events g_given = Medication where code in g_heparins or g_worn
define g_count = count g_given
define g_first = first g_given is Device
obligation g_soon { for provider from first Encounter expect (g_given or Review) within ‹1..9› h }"#,
    ),
    (
        "choose",
        "choose c_only {
  low  when lactate <= 4.0
  mid  when lactate > 4.0 and frail
  high when lactate > 4.0 and not frail and age < ‹2..90›
  none otherwise
}",
    ),
    (
        "the first of several conditions",
        "choose c_first first {
  sick    when lactate > ‹2..20›.0
  brittle when frail
  seen    when any Contact where score > ‹3..15›
  none    otherwise
}",
    ),
    (
        "overlap",
        "define o_two   = overlap(first Contact else as of, as of, 2026-04-01 0‹1..4›:00, booked else as of)
define o_night = overlap(first Review else as of, as of, ‹22:00|02:00›, ‹03:00|06:00›)",
    ),
    ("covered", "define v_worn = covered(‹Device|Medication›, first Encounter else as of, as of)"),
    (
        "NHS number",
        r#"define n_same  = mother = own
define n_known = own = "9990000018" or own in { "9990000026", "9990000050" }
define n_none  = mother is none"#,
    ),
    ("points", "define p_points = tone.points ‹+|-› (cry.points else ‹1..2›)"),
    (
        "spans",
        "define u_bare   = any Encounter called stay where inpatient and not (any Device during stay)
define u_length = ‹lowest|highest|sum› length of Encounter where inpatient
define u_going  = any Encounter where end is none
define u_end    = ‹first|last|highest› end of Encounter",
    ),
    (
        "during",
        "define w_in    = count Contact during Encounter
define w_last  = count Contact during ‹last|first› Encounter, if any
define w_score = ‹lowest|highest› score of Contact during Device
obligation w_worn { for provider for each Encounter called stay where inpatient expect Device during stay within ‹1..9› h }",
    ),
    (
        "days of a stay",
        "obligation d_each  { for provider for each ‹|whole ›day of Encounter called stay where inpatient expect Contact where ‹face_to_face|not stay.inpatient› }
obligation d_none  { for provider for each ‹|whole ›day of ‹Device|Medication› expect no ‹Review|Contact› }
obligation d_kinds { for provider for each day of (Device or Medication) expect ‹Review|Contact› }",
    ),
    (
        "six deep",
        "define q_deep = any ‹Contact|Review› called a where not (any Review called b where not (any Contact called c where not (any ‹Review|Referral› called d where not (any Contact called e where not (any ‹Review|Contact› where at > e.at after e.at) after d.at) after c.at) after b.at) after a.at)",
    ),
    (
        "next event",
        "define x_next = all Referral have next event is Contact
obligation x_before { for provider for each Referral expect Contact before next ‹Referral|Review› }",
    ),
    ("previous event", "define x_previous = count Contact where previous (Contact or ‹Review|Referral›) is Contact"),
    (
        "any event",
        "define x_ends  = ‹last|first› event is one of Discharge, Review
define x_count = count event",
    ),
    (
        "expect several",
        "obligation e_two    { for provider from first Referral expect ‹2..3› Contact within ‹2..9› h }
obligation e_no_2nd { for provider from first Referral expect no 2nd Contact where score > ‹0..9› within ‹3..9› h }",
    ),
    ("until the case is over", "obligation e_over { for provider from first Referral expect ‹|no ›Review }"),
    ("expect no", "obligation e_none { for provider for each Encounter expect no Contact where face_to_face within ‹1..6› h }"),
    ("before an event", "obligation e_order { for provider expect ‹|no ›Contact before ‹first|last› Review }"),
    ("expect earlier", "obligation e_early { for provider from first Contact expect Review within ‹1..6› h earlier ‹counts|does not count› }"),
    (
        "clock with holds",
        "clock k_wait {
  start   Referral where adult at (booked else at)
  pause   Encounter as stay
  resume  Review as stay
  stop    Contact where face_to_face as seen
  nullify Discharge
}
obligation k_period { for provider for each period of k_wait expect stop within ‹1..10› days }",
    ),
    (
        "clock with a way out",
        "clock k_plain { start Referral continue Contact where score < ‹2..18› stop Contact as seen stop Review as reviewed }
define k_seen  = k_plain.outcome is seen
define k_count = k_plain.periods
define k_began = k_plain.started",
    ),
    (
        "every",
        "obligation r_every { for provider every (if score > ‹3..16› then 1 h else 3 h) from first Contact until first Discharge expect Contact }
obligation r_plain { for provider every ‹1..4› h from first Encounter until first Discharge expect Review }",
    ),
    (
        "path",
        r#"path y_path {
  stage referred repeated Referral
  stage seen     repeated any order { Contact, Review }
  stage worn     optional repeated Device where code = "pump"
  stage left     optional one of { Discharge, Encounter }
}
define y_left = y_path.left is seen
define y_at   = y_path.left_at"#,
    ),
    (
        "parameters of members",
        r#"parameter m_within : duration = 4 h
  local 1 h..8 h "as agreed"
parameter m_level : integer 0..20
  local required
obligation m_local { for provider from first Referral expect Contact where score >= m_level within m_within }"#,
    ),
    (
        "parameters with dates",
        r"enum Mood { calm, tense, angry }
parameter v_mood : Mood = ‹calm|angry› from 2017-04-01, tense from 2026-01-0‹1..9›
parameter v_level : integer 0..20 = 3 from 2017-04-01, ‹4..19› from 2026-01-0‹1..9›
parameter v_within : duration = 4 h from 2017-04-01, ‹1..3› h from 2026-01-‹10..28›
define v_set  = v_mood
define v_calm = v_mood is calm
obligation v_seen { for provider from first Referral expect Contact where score >= v_level within v_within }",
    ),
    (
        "judgements counted",
        "obligation z_each { for provider for each Referral expect Contact where score > ‹0..9› within ‹1..6› h }
measure z_rate { of each Referral in z_each unknown counts against by urgency }",
    ),
    ("units", "define m_grams = (weight else 1.0 kg) to g\ndefine m_over = weight to g > ‹20..300›000 g"),
];
