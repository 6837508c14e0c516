/** Words that names and sentences are made of. */

export const verbs =
  "load save fetch parse render validate resolve encode decode merge split sync publish retry cancel schedule assign compute collect normalize convert refresh rotate revoke register flush commit apply restore archive import export compare filter sort index lookup acquire release lock verify sign mount patch migrate enqueue dispatch route throttle batch trace measure sample replay seal inspect prune expand attach detach notify".split(
    " ",
  );

export const nouns =
  "user account session token order invoice payment refund cart catalog product price stock shipment address customer tenant project ticket comment thread message channel webhook event queue worker job task schedule pipeline build artifact release deployment cluster node pod volume bucket object file folder archive record row column table index query cursor cache entry key lease lock shard replica snapshot checkpoint metric counter gauge alert rule policy role permission grant secret certificate domain zone subnet route gateway proxy socket buffer frame packet stream codec header cookie profile avatar image thumbnail video transcript report chart dashboard widget layout theme locale currency tax discount coupon subscription plan quota limit budget ledger balance transfer batch feed digest template".split(
    " ",
  );

export const qualifiers =
  "pending active stale primary secondary remote local shared raw signed public internal temporary default legacy nested partial global regional verified anonymous recurring expired draft orphaned mirrored cached sparse ordered inbound outbound weekly daily hourly manual automatic hidden trusted".split(
    " ",
  );

export const faults =
  "Timeout NotFound Conflict Overflow Mismatch Expired Denied Exhausted Unavailable Corrupted Missing Duplicate Invalid Aborted Locked Unreachable Truncated Unsupported".split(
    " ",
  );

export const folders =
  "src lib app core server client api internal pkg services handlers models jobs utils tests components hooks store db migrations config scripts tools packages web worker cli".split(
    " ",
  );

export const firstNames =
  "Amara Ben Chidi Dana Elif Farah Goran Hana Ines Jonas Kenji Lena Marta Nikhil Olga Paolo Quinn Rosa Samir Tove Uma Viktor Wanda Xiang Yara Zoltan Aoife Bruno Carmen Dmitri Esther Felix Greta Hugo Imani Joao".split(
    " ",
  );

export const lastNames =
  "Adeyemi Bauer Castillo Dubois Eriksen Fischer Greco Haddad Ivanova Jensen Kowalski Lindqvist Moreau Nakamura Okafor Petrov Quiroga Rossi Sato Tanaka Ueda Varga Weber Xu Yilmaz Zhang Almeida Bianchi Costa Dahl".split(
    " ",
  );

export const cities =
  "Lisbon Osaka Nairobi Toronto Oslo Lima Krakow Hanoi Dublin Valencia Accra Denver Helsinki Pune Rotterdam Santiago Tallinn Melbourne Leipzig Montreal Busan Porto Aarhus Cork Seville Gdansk Bergen Utrecht".split(
    " ",
  );

export const companies =
  "Northwind Larkspur Helix Brightwater Cobalt Fernhill Meridian Quarry Saffron Tidewater Umbra Vantage Wicklow Zephyr Arbor Beacon Cinder Drift Ember Flint Granite Harbor Ivory Juniper".split(
    " ",
  );

export const regions =
  "eu-west-1 us-east-1 ap-south-1 eu-central-1 us-west-2 sa-east-1 ap-northeast-1 af-south-1".split(" ");

export const topics = [
  "the checkout latency",
  "the data retention policy",
  "the onboarding flow",
  "the search ranking change",
  "the office move",
  "the quarterly budget",
  "the vendor contract",
  "the mobile release",
  "the hiring plan",
  "the pricing page",
  "the incident review",
  "the accessibility audit",
  "the warehouse rollout",
  "the customer survey",
  "the security training",
  "the translation backlog",
  "the power outage",
  "the loyalty program",
  "the test coverage",
  "the invoice export",
  "the branch protection rules",
  "the summer schedule",
  "the archive migration",
  "the partner integration",
] as const;

export const reasons = [
  "the supplier missed two deliveries",
  "support tickets doubled",
  "the old library is no longer maintained",
  "legal asked for a second review",
  "the forecast was too optimistic",
  "the nightly job kept failing",
  "half of the team is away",
  "the test environment was down",
  "customers found the wording unclear",
  "the certificate is about to run out",
  "the database ran out of connections",
  "nobody had checked the edge cases",
  "the contract ends in spring",
  "two regions have different tax rules",
  "the queue grew faster than it drained",
  "the page was too slow on phones",
] as const;

export const actions = [
  "send the figures to finance",
  "update the runbook",
  "write a migration script",
  "talk to the supplier",
  "add a regression test",
  "roll back the change",
  "raise the connection limit",
  "book the meeting room",
  "review the contract",
  "freeze the release branch",
  "measure again with real traffic",
  "publish the notes",
  "ask legal for a decision",
  "rename the feature flag",
  "archive the old dashboards",
  "call the three largest customers",
  "order replacement parts",
  "draft the announcement",
] as const;

/** Clauses that say nothing, put together from these: `As some of us have pointed out in the past,`. */
export const sayers =
  "everybody|most of you|some of us|quite a few people|the wider group|anybody who was there|several colleagues|more than one person|all of us".split(
    "|",
  );
export const sayings =
  "have said|have pointed out|will remember|might have noticed|surely know|keep repeating|have mentioned|would agree|may recall|like to say".split(
    "|",
  );
export const occasions =
  "in the past|at one point or another|more than once|over the last couple of weeks|on various occasions|in one way or another|time and again|during earlier conversations|every now and then|for quite some time".split(
    "|",
  );

export const fillers =
  "For what it is worth,|To be completely honest,|If I remember correctly,|It is perhaps worth mentioning that|Generally speaking,|At the end of the day,|In addition to everything that was said above,|Needless to say,|From my own personal point of view,|When all is said and done,|For the sake of completeness,|Before I forget about it,|Broadly speaking, and with the usual caveats,|As you can probably imagine,".split(
    "|",
  );

export const hedges =
  "more or less|as far as anyone can tell|at least for now|to some extent|in a manner of speaking|all things considered|by and large|give or take|in all likelihood|so to speak".split(
    "|",
  );
export const closers =
  "as one would have expected|which is how these things usually go|and that is all there is to say about it|which should not come as a surprise to anybody|as has been the case for a while|if that makes sense|to put it in a nutshell|whatever that may mean in practice|until further notice|for better or worse".split(
    "|",
  );
