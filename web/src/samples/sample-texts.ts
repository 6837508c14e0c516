/** Texts to try the page with: each of a kind that is compressed in another way, and a question that it answers. */

export interface Sample {
  readonly name: string;
  readonly question: string;
  readonly write: () => string;
}

const two = (value: number) => String(value).padStart(2, "0");

function writeLog(): string {
  const lines = Array.from({ length: 64 }, (_, at) => {
    const time = `2026-11-21 10:${two(Math.floor(at / 2))}:${at % 2 === 0 ? "07" : "41"}`;
    if (at === 37)
      return `${time} ERROR worker-3 job 1259 failed: connection refused by db-2.internal:5432 (attempt 3)`;
    if (at === 38) return `${time} WARN  worker-3 job 1259 goes back to the queue, 3 of 5 attempts are used`;
    return `${time} INFO  worker-${at % 4} finished job ${1000 + 7 * at} in ${30 + ((at * 13) % 41)} ms`;
  });
  return `${lines.join("\n")}\n62 jobs finished, 1 failed\n`;
}

function writeRecords(): string {
  const states = ["approved", "declined", "approved", "throttled"];
  const shops = ["Bakery on the Corner", "Harbour Books", "Kiosk 24", "Green Grocer"];
  const payments = Array.from({ length: 18 }, (_, at) => ({
    id: `pay_${81_000 + at * 17}`,
    transaction_status_code: states[at % 4],
    merchant_name: shops[(at * 3) % 4],
    amount: { value: ((at * 379) % 9000) / 100 + 1, currency: "EUR" },
    created_at: `2026-11-${two(1 + at)}T09:${two((at * 7) % 60)}:00Z`,
    risk: { score: (at * 11) % 100, reviewed: at % 5 === 0, notes: null },
  }));
  return JSON.stringify({ payments, next_page: "cursor_5f2a" }, null, 2);
}

const report = `On Tuesday morning, at around 09:40, the people in the support team began to notice that a growing number of customers were writing in to say that they could not complete their payments. At first it was not entirely clear whether this was one problem or several different ones, and so the team decided to open an incident and to ask the engineer on call to have a look at it.

What had happened, as it turned out a little later, was that a change to the configuration of the connection pool had been rolled out at 09:12 as part of release 4.18.2. The change lowered the largest number of connections from 80 to 8. It is important to note that this was not what its author had meant to do: the value was supposed to be 80, and a zero had been lost when the file was edited by hand. The change had been reviewed, but the reviewer did not look at the value itself, because the description of the change only spoke of a new timeout.

With only 8 connections, the service db-gateway was able to handle the ordinary traffic of the early morning without any difficulty whatsoever. However, as soon as traffic rose above roughly 120 requests per second, requests started to wait for a connection, and after 5 seconds of waiting they failed with the error PoolTimeoutError. In total, 3,412 payments failed between 09:38 and 10:21, and no payment was charged twice.

The engineer on call rolled release 4.18.2 back at 10:17, and four minutes later the rate of errors was back at its usual level. Following the incident, the team agreed on a number of things that they would like to do. First of all, the size of the connection pool must never be set below 40 in production, and a check in the pipeline is going to refuse such a change. Second, values in configuration files will be shown in the description of a change. And finally, an alert on PoolTimeoutError will page the engineer on call within two minutes, rather than waiting for customers to write in.
`;

export const samples: readonly Sample[] = [
  { name: "A worker's log", question: "Which job failed, and why?", write: writeLog },
  { name: "Payments as JSON", question: "Which payments were declined?", write: writeRecords },
  { name: "An incident report", question: "What was the cause, and what will change?", write: () => report },
];
