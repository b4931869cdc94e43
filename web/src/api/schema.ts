// Made by `npm run types` of the API's document: not to be edited.
export interface paths {
  "/api/v1/actions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What is worth doing next: each action with its segment, its reach, what it may gain and cost line by line, and how large a hold-out
     *     proves it. Ranked by gain less cost. What has to be assumed can be set.
     */
    get: operations["get_actions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/affinity": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Products bought together, with lift. */
    get: operations["get_affinity"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists who did what to what, newest first. */
    get: operations["get_audit"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/changes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tells, as server-sent events, that orders of somebody were counted anew: an event `changed` with the number of the newest fact behind
     *     it, at most one a second. The stream ends after ten minutes or when the server stops; ask again then, as browsers do by themselves.
     */
    get: operations["get_changes"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/cohorts": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Cohorts: what customers acquired together are worth at each age, how many come back, what they cost. */
    get: operations["get_cohorts"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/concentration": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Concentration: the share of value that the largest customers bring. */
    get: operations["get_concentration"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/consent-forms": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the forms that ask for consent. */
    get: operations["get_consent_forms"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/consent-forms/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Makes a form, or changes it. Consents given by it before keep the version of the text that was shown then. */
    put: operations["put_consent_forms_name"];
    post?: never;
    /** Takes a form away. What was consented to by it stays. */
    delete: operations["delete_consent_forms_name"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/consents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Writes down a consent of somebody known by an e-mail address, a phone number or an account.
     * @description A key with the scope `ingest` alone, such as a storefront's, may only pass on forms and withdrawals, of now.
     */
    post: operations["post_consents"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/consents/confirm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Confirms a consent (double opt-in). The token is enough; no key is needed. Doing it again changes nothing. */
    post: operations["post_consents_confirm"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/consents/unsubscribe": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes a consent back at once, whoever asks: nothing is sent from then on. */
    post: operations["post_consents_unsubscribe"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/contact-stages": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How far contacts have come, visitors without a name included: awareness, engagement, conversion, retention, advocacy; how many stand
     *     at each stage, how many went on, and who reached what period by period.
     */
    get: operations["get_contact_stages"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists customers, or finds one.
     * @description With `email`, `phone` or `subject` the answer is that one customer. With `q`, or without any of them, it is a page of customers that
     *     have a profile, by id.
     */
    get: operations["get_customers"];
    put?: never;
    /**
     * Takes in customers: a JSON object, or a list of up to 1,000. Each is named by id, e-mail address, phone number or visitor's id;
     *     what is named together is one person. If one of a list is wrong, nothing of the list is taken.
     */
    post: operations["post_customers"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/top": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The customers of whom most is expected, highest first. Empty while no model has been fitted. */
    get: operations["get_customers_top"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a customer. */
    get: operations["get_customers_id"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/clv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a customer is worth: so far, and with what is expected. */
    get: operations["get_customers_id_clv"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/consents": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows what a customer consented to, and what proves it. Flags that other systems keep in their profiles count without being listed. */
    get: operations["get_customers_id_consents"];
    put?: never;
    /** Writes down a consent of a customer. */
    post: operations["post_customers_id_consents"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/merge": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Joins two customers. Everything of both belongs to one person from then on; it can be taken back. */
    post: operations["post_customers_id_merge"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/merges": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists what joins, or once joined, the profiles of a customer, oldest first. */
    get: operations["get_customers_id_merges"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/merges/{merge}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Takes a merge back, a manual or an automatic one. It stays so when the same handles are seen together again. */
    delete: operations["delete_customers_id_merges_merge"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/preferences": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a customer prefers: channel, weekday, part of the day, price band, products, and other columns of the orders; each with how many
     *     of the customer's orders say so and what is usual in the shop.
     */
    get: operations["get_customers_id_preferences"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/stages": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How far one contact has come, and when each stage was reached. */
    get: operations["get_customers_id_stages"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/customers/{id}/timeline": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Shows what happened to a customer, newest first: every profile of the person, orders and refunds in their newest state.
     * @description Facts that come in while a client turns pages appear where they belong and move nothing.
     */
    get: operations["get_customers_id_timeline"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/dead-letters": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists what was given up, facts first. */
    get: operations["get_dead_letters"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/dead-letters/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tries one again. A fact is handled at once, and stays a dead letter if that fails again; a job is due at once, with all its
     *     attempts before it.
     */
    post: operations["post_dead_letters_id_retry"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deliveries": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists deliveries of webhooks that did not become facts at once, oldest first. */
    get: operations["get_deliveries"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deliveries/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a delivery with its body. */
    get: operations["get_deliveries_id"];
    put?: never;
    post?: never;
    /** Throws a delivery away: its body is deleted. That it came is remembered. */
    delete: operations["delete_deliveries_id"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/deliveries/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Tries a delivery again: after its order came, its source got a currency, or the program a new version. */
    post: operations["post_deliveries_id_retry"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/event-names": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The names of events that came in, with how many of each: what conditions of segments can ask for. */
    get: operations["get_event_names"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes in events: messages as in Segment's API (`type`, without one `track`; `userId` or `anonymousId`, `event`, `properties`,
     *     `timestamp`, `messageId`), a JSON object or a list of up to 1,000. Unlike `/v1/batch` nothing goes into quarantine: if one message
     *     is wrong, nothing of the list is taken, and the answer names everything that is wrong. Send a `messageId`: it tells a repetition.
     */
    post: operations["post_events"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/headlines": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The sentences of the first page: what a new customer is worth, how many buy again, how many good customers are late, and the value that
     *     is at risk by that, once there is a model.
     */
    get: operations["get_headlines"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/imports": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists imports, newest first. */
    get: operations["get_imports"];
    put?: never;
    /**
     * Takes files in: a form with the files `orders` (one or more), `customers`, `refunds`, `spend`, `costs`, `rates` and fields of options, or a body
     *     that is one file. The same formats as on the command line. When the answer is 202 the files are on the server's disk; reading goes
     *     on behind it, and the address in `Location` tells how far it is. The same file again changes nothing.
     */
    post: operations["post_imports"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/imports/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows how far an import is. */
    get: operations["get_imports_id"];
    put?: never;
    post?: never;
    /** Forgets an import that is over, with its rejected rows. Its facts stay. */
    delete: operations["delete_imports_id"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/imports/{id}/rejects.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The rows that could not be taken, with reason and remedy, as CSV: up to 100,000 of them. Cells that a spreadsheet program could take
     *     for formulas begin with an apostrophe.
     */
    get: operations["get_imports_id_rejects_csv"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the keys, without their secrets. */
    get: operations["get_keys"];
    put?: never;
    /** Makes a key. The answer holds the secret; it is never shown again. Only an owner makes keys that may do everything. */
    post: operations["post_keys"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/keys/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Withdraws a key. */
    delete: operations["delete_keys_id"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/lifecycle": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lifecycle: active, at risk, lapsed; churn and loyalty; who is new, comes back, stays away, period by period. Of the whole shop. */
    get: operations["get_lifecycle"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Says who is calling. */
    get: operations["get_me"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/me/password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Changes one's own password. All other sessions of the user end. */
    put: operations["put_me_password"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/metrics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every metric that can be asked for, with its definition. */
    get: operations["get_metrics"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/metrics/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A metric's definition. */
    get: operations["get_metrics_id"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/metrics/{id}/explain": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * How the value of a metric comes about: definition, formula, the SQL that computes it with its rows, sample orders, what was left out,
     *     and why other software shows another number.
     */
    post: operations["post_metrics_id_explain"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/metrics/{id}/query": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The value of a metric for a span, a basis, some customers, with a comparison, a breakdown and a series, as asked for. What was accepted
     *     before the request is in it.
     */
    post: operations["post_metrics_id_query"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/migration": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who moved where between two days: between active, at risk and lapsed, or between scores; with what they brought in between. Of the whole
     *     shop, or of those who are in a segment on the last day.
     */
    get: operations["get_migration"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/models": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the fits of the value model, newest first, with their accuracy in back-tests and what has drifted. */
    get: operations["get_models"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/models/refit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Asks for a fit of the value model to everything known, and for new scores of everyone. It begins within a second;
     *     `GET /api/v1/models` shows the new version.
     */
    post: operations["post_models_refit"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/orders": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes in orders: a JSON object, or a list of up to 1,000. When the answer is 200, all of them are durable. An order that
     *     was handed in before, by whatever way, is the same order; one with a later `updated_at` replaces it. If one order of a list
     *     is wrong, nothing of the list is taken, and the answer names everything that is wrong.
     */
    post: operations["post_orders"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/payback": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Payback: what a new customer costs and when that is earned back, by month and channel. */
    get: operations["get_payback"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/personas": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Personas: customers who buy alike, what sets each kind apart, how many they are, what they are worth and buy. */
    get: operations["get_personas"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/privacy/lift": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Takes a name in again that an erasure shut out: the person has come back, of their own will. */
    post: operations["post_privacy_lift"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/privacy/requests": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists requests, newest first. */
    get: operations["get_privacy_requests"];
    put?: never;
    /**
     * Asks for everything about a person, or for its erasure. It is done soon after; the answer says where to look.
     * @description An erasure of somebody whom nobody knows is done too: from then on the name is not taken in.
     */
    post: operations["post_privacy_requests"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/privacy/requests/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows how a request stands, with its receipt. */
    get: operations["get_privacy_requests_id"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/privacy/requests/{id}/approve": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Lets the erasure of all customers of a shop system go on. Shop systems ask for it when their app is taken away; the data are the
     *     owner's, so it waits for the owner's word.
     */
    post: operations["post_privacy_requests_id_approve"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/privacy/requests/{id}/document": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The document of an export: everything about the person, as JSON. */
    get: operations["get_privacy_requests_id_document"];
    put?: never;
    post?: never;
    /** Deletes the document of an export before its time. */
    delete: operations["delete_privacy_requests_id_document"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/problems": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What goes wrong, stage by stage: each rule with its evidence, what is usual in this shop, whom it concerns and what to do; and the rules
     *     that found nothing, or have too little data to tell.
     */
    get: operations["get_problems"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/products": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes in products of the catalogue: a JSON object, or a list of up to 1,000. A product that was handed in before is replaced
     *     if its `updated_at` is later. If one of a list is wrong, nothing of the list is taken.
     */
    post: operations["post_products"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/quarantine": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists records that were kept apart, newest first. What they say is not shown here. */
    get: operations["get_quarantine"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/quarantine/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a record with its personal data. */
    get: operations["get_quarantine_id"];
    put?: never;
    post?: never;
    /** Discards a record: what it says is deleted. Delivered again, it is not kept again. */
    delete: operations["delete_quarantine_id"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/quarantine/{id}/retry": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Tries a record again: as it is (what was missing may be configured by now), or as the body mends it. If it makes sense now, its facts
     *     are taken and the record is settled, both or neither; if not, it stays, and the answer says what is wrong with it.
     */
    post: operations["post_quarantine_id_retry"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/refunds": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes in refunds: a JSON object, or a list of up to 1,000. Each names its order by the number that the order has in the same
     *     source, whether the order is known already or not. A refund does not change: a second one has an id of its own, and the same
     *     id again is the same refund. If one of a list is wrong, nothing of the list is taken.
     */
    post: operations["post_refunds"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/repeat": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Repetition: who buys again, how soon, how often. */
    get: operations["get_repeat"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/rfm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** RFM: customers and value for each combination of recency, frequency and monetary scores. */
    get: operations["get_rfm"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segment-overlap": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How much segments have in common, pair by pair. */
    get: operations["get_segment_overlap"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All segments: those that every shop has, and the saved ones. With `figures=true` each says how many customers it has. */
    get: operations["get_segments"];
    put?: never;
    /** Saves a segment. */
    post: operations["post_segments"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments/preview": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** How many customers a definition has, and what they are worth, without saving it. */
    post: operations["post_segments_preview"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A segment, in numbers too. */
    get: operations["get_segments_id"];
    /** Changes a segment. Another definition is another version; earlier ones are kept. */
    put: operations["put_segments_id"];
    post?: never;
    /** Deletes a segment that no other one names. */
    delete: operations["delete_segments_id"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments/{id}/export": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All customers of a segment as CSV, those who brought most first: ids and figures, no names or addresses. */
    get: operations["get_segments_id_export"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments/{id}/history": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How a segment grew: its size, value, who entered and who left, step by step. */
    get: operations["get_segments_id_history"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments/{id}/members": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The customers of a segment, those who brought most first. */
    get: operations["get_segments_id_members"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Signs in. The answer sets a cookie that the browser keeps from scripts and from other sites. After several wrong passwords
     *     the next try must wait.
     */
    post: operations["post_session"];
    /** Signs out: the session ends, and the cookie goes. */
    delete: operations["delete_session"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/settings": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows the shop's settings. */
    get: operations["get_settings"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes the shop's settings. Another currency or time zone changes what every order is worth and on which day it counts: all
     *     values are then computed anew from the log, and a new model is fitted; until that is done the figures grow from nothing.
     */
    patch: operations["patch_settings"];
    trace?: never;
  };
  "/api/v1/shop": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows the shop at a glance: what it counts in, and from when to when there are orders. */
    get: operations["get_shop"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/shop-data": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All orders, refunds and costs as the value engine reads them: what `clove clv --data http://...` and its like work on. What was accepted
     *     before the request is in it. JSON lines for the `clove` of the server's version: their form may change with any version, which
     *     the first line tells; the last line is `"end"`. Without names, addresses and other fields that identify.
     */
    get: operations["get_shop_data"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/sources": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the sources that were added. Facts may come from others, too: they have no secret and no settings. */
    get: operations["get_sources"];
    put?: never;
    /** Adds a source. */
    post: operations["post_sources"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/sources/{name}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Changes what is settled about a source. */
    patch: operations["patch_sources_name"];
    trace?: never;
  };
  "/api/v1/spend": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes in marketing and sales costs: a JSON object, or a list of up to 1,000. The same days, channel, kind and currency are the
     *     same cost: the later amount replaces the earlier one. If one of a list is wrong, nothing of the list is taken.
     */
    post: operations["post_spend"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the users. */
    get: operations["get_users"];
    put?: never;
    /** Adds a user. Only an owner adds owners. */
    post: operations["post_users"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/users/{id}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows a user. */
    get: operations["get_users_id"];
    put?: never;
    post?: never;
    /** Takes a user away; their sessions end at once. Only an owner takes owners away, and never the last one. */
    delete: operations["delete_users_id"];
    options?: never;
    head?: never;
    /** Changes name or role. Only an owner changes owners; the last owner stays one. */
    patch: operations["patch_users_id"];
    trace?: never;
  };
  "/api/v1/users/{id}/password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Sets the password of a user who has lost theirs. All sessions of the user end. */
    put: operations["put_users_id_password"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/health": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the process lives. */
    get: operations["get_health"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/metrics": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Shows the server's figures as Prometheus reads them: without a key at http://localhost, with a key that may read elsewhere. */
    get: operations["get_prometheus"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/ready": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the server can do its work: the database answers and is migrated, and no subscriber is stuck or far behind. */
    get: operations["get_ready"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/v1/{call}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes messages as Segment's official clients send them. `call` is `identify`, `track`, `page`, `screen`, `group`, `alias` or
     *     `batch`, or its first letter, as the client for browsers has it. The key comes as user name of `Basic` authentication, or as
     *     `writeKey` in the body; it has to be bound to a source. When the answer is 200, every message is durable: as a fact, or, if it
     *     makes no sense, in quarantine; or it was not to be kept, since its visitor has not consented to it: where the source has no tracking
     *     policy of its own, what comes from browsers is kept with consent only. A message is told by its `messageId`: sent again, it is the same fact. At most 32 KB a message and
     *     500 KB or 5,000 messages a batch.
     */
    post: operations["post_call"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/webhooks/shopify/{source}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a webhook of Shopify. The source is its name (`shopify:my-shop`) or the part behind the colon. The signature is checked
     *     over the bytes as they came; a delivery that comes again is recognised.
     */
    post: operations["post_webhooks_shopify_source"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/webhooks/woocommerce/{source}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a webhook of WooCommerce. The source is its name (`woocommerce:my-shop`) or the part behind the colon. The ping that a new
     *     webhook sends is answered, too.
     */
    post: operations["post_webhooks_woocommerce_source"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description Something to do. */
    Action: {
      /** @description How gain and cost come about. */
      arithmetic: components["schemas"]["ArithmeticLine"][];
      /** @description What it costs. */
      cost: string;
      /** @description What it may bring or save within 12 months. */
      gain: string;
      hold_out?: components["schemas"]["HoldOut"] | null;
      /**
       * @description Its name.
       * @example win_second_order
       */
      id: string;
      /** @description `reminder`, `follow_up`, `offer`, `no_discount` or `budget`. */
      kind: string;
      /** @description Gain less cost: what actions are ranked by. */
      net: string;
      /**
       * Format: int64
       * @description How many customers these are.
       */
      reach: number;
      /** @description Why. */
      reason: string;
      /** @description Whom it concerns, as a segment's definition. */
      segment: Record<string, never>;
      /** @description Where in the lifecycle: `awareness`, `conversion` or `retention`. */
      stage: string;
      /** @description What to do, in a sentence. */
      title: string;
    };
    /** @description Everything that is worth doing. */
    Actions: {
      /** @description The actions: the most valuable first. */
      actions: components["schemas"]["Action"][];
      /** @description The last day that counts. */
      as_of: string;
      /** @description The currency of amounts. */
      currency: string;
      /** @description Whether a model's forecasts are in the gains; else only the one order that an answer brings. */
      has_forecasts: boolean;
    };
    /** @description What to settle about a new source. */
    AddSource: {
      /**
       * @description Currency of amounts whose sender names none, ISO 4217.
       * @example EUR
       */
      currency?: string | null;
      /**
       * @description Its name: the system, a colon, the name of the shop there.
       * @example shopify:my-shop
       */
      name: string;
      /** @description `shopify`, `woocommerce`, `web` or `other`; left out: what the name begins with. */
      system?: string | null;
      /** @description When its events are taken in: `required`, `asserted` or `granted`. */
      tracking_policy?: string | null;
      /** @description What the shop signs its webhooks with. It is never shown again. */
      webhook_secret?: string | null;
    };
    /** @description A forecast that drifted from what happened. Purchases are customer-days. */
    AlarmBody: {
      /**
       * Format: double
       * @description Their purchases.
       */
      actual: number;
      /** @description When it was raised, microseconds since 1970. */
      created_at: components["schemas"]["i64"];
      /**
       * Format: double
       * @description Root mean squared error per customer over the root of the mean purchases.
       */
      error: number;
      /**
       * Format: double
       * @description Purchases that the older fit expected of the customers that it knew.
       */
      expected: number;
      /** @description First day of the comparison. */
      from: string;
      /**
       * Format: double
       * @description Upper end of it.
       */
      high: number;
      /** @description `total_outside_interval` or `error_above_backtest`. */
      kind: string;
      /**
       * Format: double
       * @description Lower end of its 80 % interval.
       */
      low: number;
      /**
       * Format: int64
       * @description The older fit.
       */
      reference_version: number;
      /** @description Last day of it. */
      until: string;
      /**
       * Format: double
       * @description The same in the back-test of the older fit.
       */
      usual_error?: number | null;
    };
    /** @description A key as people see it: everything but the secret. */
    ApiKey: {
      /** @description When it was made, microseconds since 1970. */
      created_at: components["schemas"]["i64"];
      /**
       * @description Its id, the part of the key that is not secret.
       * @example 7f3a9c0d12be
       */
      id: string;
      /** @description What it is for. */
      name: string;
      /** @description What it may do. */
      scopes: components["schemas"]["Scope"][];
      /**
       * @description The source that facts handed in with it belong to.
       * @example web:shop
       */
      source?: string | null;
      withdrawn_at?: components["schemas"]["i64"] | null;
    };
    /** @description A line of the arithmetic. */
    ArithmeticLine: {
      /**
       * @description What it is.
       * @example customers reached
       */
      label: string;
      /** @description `measured` in the shop's data, expected by the `model`, `assumed`, or the `result` of the lines above. */
      source: string;
      /** @description `customers`, `money`, `share` or `purchases`. */
      unit: string;
      /**
       * Format: double
       * @description Its value; money in major units.
       */
      value: number;
    };
    /** @description An entry of the audit log. */
    AuditEntry: {
      /**
       * @description What was done.
       * @example key.created
       */
      action: string;
      /**
       * @description Which one: the id of the user or key, or the name of the command.
       * @example usr_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      actor: string;
      /**
       * @description What kind of hand did it: `user`, `key`, `command`, `system` or `unknown`.
       * @example user
       */
      actor_kind: string;
      /** @description Keyed hash of the network address: the same address gives the same text. */
      address?: string | null;
      /** @description When it was done, microseconds since 1970. */
      at: components["schemas"]["i64"];
      /** @description What is worth knowing about it. */
      details?: unknown;
      /**
       * @description Its id; later entries have greater ones.
       * @example aud_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description To what. */
      target?: string | null;
    };
    /** @description A metric broken down. */
    BreakdownAnswer: {
      /** @description By what. */
      by: string;
      /** @description The groups with anything in them: in their own order where they have one, else the largest n first. */
      groups: components["schemas"]["GroupFigure"][];
      /** @description Groups that are not shown, since there are too many. */
      groups_left_out: number;
      /** @description What to know of it. */
      note?: string | null;
    };
    /** @description Every metric. */
    Catalogue: {
      /** @description The metrics. */
      items: components["schemas"]["MetricBody"][];
    };
    /** @description The old password and the new one. */
    ChangePassword: {
      /** @description The password until now. */
      current: string;
      /** @description The password from now on, 12 to 256 characters. */
      new: string;
    };
    /** @description Settings to change; what is left out stays. */
    ChangeSettings: {
      /** @description ISO 4217 code. */
      currency?: string | null;
      /** @description IANA name of a time zone. */
      time_zone?: string | null;
    };
    /** @description What to change about a source. A field that is left out stays, one that is null is taken away. */
    ChangeSource: {
      /** @description Currency of amounts whose sender names none, ISO 4217. */
      currency?: string | null;
      /** @description When its events are taken in: `required`, `asserted` or `granted`. */
      tracking_policy?: string | null;
      /** @description What the shop signs its webhooks with. */
      webhook_secret?: string | null;
    };
    /** @description What to change. */
    ChangeUser: {
      /** @description How to call them from now on. */
      name?: string | null;
      role?: components["schemas"]["Role"] | null;
    };
    /** @description What became of a rule. */
    Checked: {
      /** @description What is missing, if something is. */
      note?: string | null;
      /** @description `found`, `fine`, or `too_little` data to tell. */
      outcome: string;
      /** @description The rule's name. */
      rule: string;
      /** @description Where in the lifecycle. */
      stage: string;
      /** @description What it looks for. */
      title: string;
    };
    /** @description The same metric in another span. */
    ComparedFigure: components["schemas"]["FigureBody"] & {
      /** @description Whether both spans are over and known in full. */
      complete: boolean;
      difference?: components["schemas"]["FigureValue"] | null;
      /** @description First day of the other span. */
      from: string;
      /** @description What to know of the comparison, in sentences. */
      notes: string[];
      /** @description Whether orders of the span are young enough that some may still come back. */
      provisional: boolean;
      /**
       * Format: double
       * @description Value over that value; null over zero.
       */
      ratio?: number | null;
      /** @description Its last day. */
      until: string;
      /** @description `previous` or `year`. */
      with: string;
    };
    /** @description A confirmation. */
    Confirmation: {
      /** @description The person's internet address; a keyed hash of it is kept. */
      ip?: string | null;
      /** @description What the person got. */
      token: string;
    };
    /** @description What was confirmed. */
    ConfirmedConsent: {
      /** @description When, microseconds since 1970: the first time. */
      at: components["schemas"]["i64"];
      /** @description The channel. */
      channel: string;
      /** @description The purpose. */
      purpose: string;
    };
    /** @description What became of a consent. */
    ConsentAnswer: {
      /** @description The evidence. */
      fact: string;
      /** @description What was written down: `granted`, `withdrawn`, or `pending` where the person must confirm. */
      state: components["schemas"]["ConsentState"];
      /** @description What confirms it: send it to the person. Only shown to keys with the scope `people`. */
      token?: string | null;
    };
    /** @description A consent of somebody known by an address, a number or an account. */
    ConsentByHandle: components["schemas"]["Known"] & components["schemas"]["ConsentFields"];
    /** @description A piece of evidence. */
    ConsentEvidence: {
      /** @description When it was said, microseconds since 1970. */
      at: components["schemas"]["i64"];
      /** @description Who handed it in. */
      by?: string | null;
      /** @description The channel. */
      channel: string;
      /** @description The fact. */
      fact: string;
      /** @description The form. */
      form?: string | null;
      /** @description Keyed hash of the internet address: equal addresses have equal hashes. */
      ip_hash?: string | null;
      /** @description How. */
      method: string;
      /** @description The purpose. */
      purpose: string;
      /** @description When it was taken in, microseconds since 1970. */
      received_at: components["schemas"]["i64"];
      /** @description What was said: `granted`, `withdrawn`, or `pending` where a confirmation was asked for. */
      said: components["schemas"]["ConsentState"];
      /** @description The system that it came from. */
      source: string;
      /** @description Version of the text that was shown. */
      text_version?: string | null;
    };
    /** @description The same fields as [`ConsentRequest`], beside others. */
    ConsentFields: {
      at?: components["schemas"]["i64"] | null;
      /** @description The channel; needed without a form. */
      channel?: string | null;
      /** @description The form that was filled in. */
      form?: string | null;
      /** @description The person's internet address; a keyed hash of it is kept. */
      ip?: string | null;
      /** @description How. */
      method?: string | null;
      /** @description The purpose; needed without a form. */
      purpose?: string | null;
      state?: components["schemas"]["Wish"] | null;
      /** @description Version of the text that was shown. */
      text_version?: string | null;
    };
    /** @description A form that asks for consent. */
    ConsentForm: {
      /** @description When it was changed last, microseconds since 1970. */
      changed_at: components["schemas"]["i64"];
      /**
       * @description What for: the channel.
       * @example email
       */
      channel: string;
      /** @description Whether the person must confirm (double opt-in). */
      double_opt_in: boolean;
      /**
       * @description Its name.
       * @example newsletter
       */
      name: string;
      /**
       * @description What for: the purpose.
       * @example marketing
       */
      purpose: string;
      /** @description The text that is shown. */
      text: string;
      /** @description Version of the text, kept with each consent. */
      text_version: string;
    };
    /** @description A consent to write down. */
    ConsentRequest: {
      at?: components["schemas"]["i64"] | null;
      /**
       * @description `email`, `sms`, `tracking`, ...: needed without a form.
       * @example email
       */
      channel?: string | null;
      /**
       * @description The form that was filled in: it says channel, purpose, text and whether the person must confirm.
       * @example newsletter
       */
      form?: string | null;
      /** @description The person's internet address; a keyed hash of it is kept. */
      ip?: string | null;
      /**
       * @description How: `form`, `import`, `asserted`, `phone`, `paper`, ... [default: form, or api]. `import` and `asserted` are another's word, which never
       *     outweighs the person's own no.
       */
      method?: string | null;
      /**
       * @description `marketing`, `service`, `analytics`, ...: needed without a form.
       * @example marketing
       */
      purpose?: string | null;
      state?: components["schemas"]["Wish"] | null;
      /** @description Version of the text that was shown [default: the form's]. */
      text_version?: string | null;
    };
    /**
     * @description What a consent comes to.
     * @enum {string}
     */
    ConsentState: "granted" | "withdrawn" | "pending";
    /** @description How far all contacts have come. */
    ContactStages: {
      /** @description The last day that counts. */
      as_of: string;
      /** @description Period by period, from `from` on. */
      flow: components["schemas"]["StageFlow"][];
      /**
       * Format: int64
       * @description Contacts.
       */
      n: number;
      /** @description The stages, in their order. */
      stages: components["schemas"]["StageCount"][];
    };
    /** @description What a new key is for. */
    CreateKey: {
      /**
       * @description What it is for, 1 to 100 characters.
       * @example storefront
       */
      name: string;
      /** @description What it may do, at least one. */
      scopes: components["schemas"]["Scope"][];
      /**
       * @description The source that facts handed in with it belong to.
       * @example web:shop
       */
      source?: string | null;
    };
    /** @description A user to be added. */
    CreateUser: {
      /**
       * @description The e-mail address that they sign in with.
       * @example ann@example.org
       */
      email: string;
      /**
       * @description How to call them, 1 to 100 characters.
       * @example Ann
       */
      name: string;
      /** @description A first password, 12 to 256 characters, for them to change. */
      password: string;
      /** @description What they may do. */
      role: components["schemas"]["Role"];
    };
    /** @description A customer. */
    Customer: {
      /**
       * @description The person.
       * @example per_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description The orders, in the state last told, by the day they were placed. */
      orders: components["schemas"]["CustomerOrder"][];
      profile?: components["schemas"]["Profile"] | null;
      /** @description What the person is expected to do, per model. */
      scores: components["schemas"]["CustomerScore"][];
      /** @description Ids of the segments that the person is in. */
      segments: string[];
      /** @description What the orders come to, per currency. */
      statistics: components["schemas"]["CustomerStatistics"][];
      /** @description The profiles that belong to the person. */
      subjects: string[];
    };
    /** @description What a person consented to. */
    CustomerConsent: {
      /** @description The channel. */
      channel: string;
      /** @description The purpose. */
      purpose: string;
      /** @description Since when, microseconds since 1970. */
      since: components["schemas"]["i64"];
      /** @description What it comes to. */
      state: components["schemas"]["ConsentState"];
    };
    /** @description The consents of a customer. */
    CustomerConsents: {
      /** @description What each comes to. */
      consents: components["schemas"]["CustomerConsent"][];
      /** @description What was said, newest first. */
      evidence: components["schemas"]["ConsentEvidence"][];
      /** @description The person. */
      id: string;
    };
    /** @description An order of a customer. */
    CustomerOrder: {
      /** @description ISO 4217 code. */
      currency: string;
      /**
       * Format: int64
       * @description Discounts in minor units.
       */
      discount: number;
      /**
       * Format: int64
       * @description Unit prices times quantities before discounts, in minor units.
       */
      gross: number;
      /** @description Its number there. */
      id: string;
      /** @description When it was placed, microseconds since 1970. */
      placed_at: components["schemas"]["i64"];
      /** @description The system of record. */
      source: string;
      /** @description How far it has come: `pending`, `paid` or `cancelled`. */
      status: string;
    };
    /** @description A customer's forecast of one model. */
    CustomerScore: {
      /** @description The band that the value lies in. */
      band?: string | null;
      /** @description The value basis. */
      basis: string;
      /** @description ISO 4217 code. */
      currency: string;
      /**
       * Format: double
       * @description Purchases expected within the horizon.
       */
      expected_purchases?: number | null;
      /**
       * Format: int64
       * @description Days that the forecast covers.
       */
      horizon_days: number;
      /** @description The model. */
      model: string;
      /**
       * Format: int64
       * @description Which fit of it.
       */
      model_version: number;
      /**
       * Format: double
       * @description Probability of being a customer still.
       */
      p_alive?: number | null;
      /**
       * Format: int64
       * @description Upper end of its interval.
       */
      predicted_high?: number | null;
      /**
       * Format: int64
       * @description Lower end of its interval.
       */
      predicted_low?: number | null;
      /**
       * Format: int64
       * @description Value expected within the horizon, in minor units.
       */
      predicted_value?: number | null;
    };
    /** @description A customer's orders in one currency, in minor units. */
    CustomerStatistics: {
      /** @description ISO 4217 code. */
      currency: string;
      /**
       * Format: int64
       * @description Discounts.
       */
      discount: number;
      /**
       * Format: int64
       * @description Value before discounts.
       */
      gross: number;
      last_order_at?: components["schemas"]["i64"] | null;
      /**
       * Format: int64
       * @description Gross minus discounts minus returned items.
       */
      net: number;
      /**
       * Format: int64
       * @description Orders that count.
       */
      orders: number;
      /**
       * Format: int64
       * @description Days with purchases.
       */
      purchase_days: number;
      /**
       * Format: int64
       * @description Returned items.
       */
      refunded: number;
    };
    /** @description What a customer is worth. */
    CustomerValue: {
      /**
       * @description The person.
       * @example per_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description Why there is no score, or why it is only the average of all customers. */
      reason?: string | null;
      score?: components["schemas"]["ScoreBody"] | null;
      /** @description What they bought so far, per currency. */
      statistics: components["schemas"]["OrderStatistics"][];
    };
    /** @description One customer, or a page of them. */
    Customers: components["schemas"]["Customer"] | components["schemas"]["Page_CustomerRow"];
    /** @description A percentile as the shop has it. */
    Cut: {
      /**
       * @description The figure.
       * @example value_24m
       */
      figure: string;
      /**
       * Format: double
       * @description The percentile.
       */
      percentile: number;
      /**
       * Format: double
       * @description Its value: money in major units, else a plain number; null if the shop has no buyers.
       */
      value?: number | null;
    };
    /** @description What was given up. */
    DeadLetter: {
      /**
       * Format: int64
       * @description How often it was tried.
       */
      attempts: number;
      /** @description When it was given up, microseconds since 1970. */
      died_at: components["schemas"]["i64"];
      /** @description The last error. */
      error?: string | null;
      /**
       * @description What to name it by when it is tried again.
       * @example fact.identity.1742
       */
      id: string;
      /** @description `fact`: a subscriber could not handle it. `job`: a job failed too often. */
      kind: string;
      /** @description The subscriber, or the queue of the job. */
      of: string;
    };
    /** @description A delivery that was kept. */
    DeliveryBody: {
      /** @description The body as it came, bytes that are no text replaced; absent in lists and once it is settled. It holds personal data. */
      body?: string | null;
      /** @description When its state last changed, microseconds since 1970. */
      changed_at: components["schemas"]["i64"];
      /**
       * @description Its id.
       * @example dlv_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description What is wrong with it. */
      problems: components["schemas"]["FieldProblem"][];
      /** @description When it came, microseconds since 1970. */
      received_at: components["schemas"]["i64"];
      /** @description Whose webhook it is. */
      source: string;
      /** @description `open`, `waiting`, `settled` or `discarded`. */
      state: string;
      /** @description What it is about, as the shop calls it. */
      topic: string;
    };
    /** @description A name of events. */
    EventName: {
      /**
       * Format: int64
       * @description How many there are.
       */
      events: number;
      /** @description When the last one was, microseconds since 1970. */
      last_at: components["schemas"]["i64"];
      /** @description The name: `Product Viewed`, one of the shop's own, `page` or `screen`. */
      name: string;
    };
    /** @description Names of events. */
    EventNames: {
      /** @description The commonest first, up to 500. */
      items: components["schemas"]["EventName"][];
    };
    /** @description How a value came about. */
    ExplanationBody: Record<string, never> & {
      /** @description How many rows it gave. */
      row_count: number;
      /** @description Rows that the SQL gave, the first thousand of them; amounts are whole minor units. */
      rows: Record<string, never>[];
      /** @description Some orders with all their values. */
      samples: Record<string, never>[];
    };
    /** @description One thing that is wrong with a body. */
    FieldProblem: {
      /** @description What is wrong. */
      detail: string;
      /**
       * @description Where: a JSON pointer into the body, such as `/lines/0/price`.
       * @example /lines/0/price
       */
      pointer: string;
      /** @description How to mend it. */
      remedy?: string | null;
    };
    /** @description A figure with its parts, as answers tell it: money as decimal text in major units, shares with 1 = 100 %. */
    FigureBody: {
      denominator?: components["schemas"]["FigureValue"] | null;
      /**
       * Format: int64
       * @description How many orders or customers it rests on.
       */
      n: number;
      numerator?: components["schemas"]["FigureValue"] | null;
      /** @description Whether these are too few to rank by. */
      small: boolean;
      value?: components["schemas"]["FigureValue"] | null;
    };
    /** @description How a figure is written: a plain number, or an amount of money as decimal text in major units. */
    FigureValue: number | string;
    /** @description A file of an import. */
    FileBody: {
      /**
       * Format: int64
       * @description Its size in bytes.
       */
      bytes: number;
      /** @description What it holds. */
      kind: string;
      /** @description Its name. */
      name: string;
    };
    /** @description A form as it is to be. */
    FormRequest: {
      /**
       * @description What for: the channel.
       * @example email
       */
      channel: string;
      /** @description Whether the person must confirm [default: true]. */
      double_opt_in?: boolean | null;
      /**
       * @description What for: the purpose.
       * @example marketing
       */
      purpose: string;
      /** @description The text that is shown, up to 10,000 characters. */
      text: string;
      /**
       * @description Version of the text: change it with the text.
       * @example 2026-03
       */
      text_version: string;
    };
    /** @description A group of a breakdown. */
    GroupFigure: components["schemas"]["FigureBody"] & {
      /** @description Its name; `unknown` for those without a value. */
      group: string;
    };
    /** @description The state of the server. */
    Health: {
      /** @description `ok`, always: a server that is not answers nothing. */
      status: string;
      /** @description The version of the program. */
      version: string;
    };
    /** @description A segment over time. */
    History: {
      /** @description The length of the steps. */
      interval: string;
      /** @description The segment. */
      segment: string;
      /** @description The steps, each as of its last day, with the definition of today and the shop's thresholds of that day. */
      steps: components["schemas"]["HistoryStep"][];
    };
    /** @description A segment at the end of a step. */
    HistoryStep: {
      /** @description The day that it is as of. */
      as_of: string;
      /** @description Whether the step is over. */
      complete: boolean;
      /**
       * Format: int64
       * @description Customers in it.
       */
      customers: number;
      /**
       * Format: int64
       * @description Customers who were not in it at the end of the step before; null for the first step.
       */
      entered?: number | null;
      /**
       * Format: int64
       * @description Customers who were in it at the end of the step before, and are not any more; null for the first step.
       */
      left?: number | null;
      /** @description Net value so far of those in it. */
      value?: string | null;
    };
    /** @description Customers to keep apart, so that the action can be compared with doing nothing. */
    HoldOut: {
      /**
       * Format: int64
       * @description How many.
       */
      customers: number;
      /**
       * Format: double
       * @description How many of those reached are expected to buy within 12 months without the action, of 1; null without a model.
       */
      expected_share?: number | null;
      /**
       * Format: double
       * @description The smallest difference of shares that would show.
       */
      smallest_effect: number;
    };
    /** @description An import and how far it has come. */
    ImportBody: {
      /**
       * Format: int64
       * @description Bytes read so far.
       */
      bytes_read: number;
      /**
       * Format: int64
       * @description Bytes of all files.
       */
      bytes_total: number;
      /** @description When it was handed in, microseconds since 1970. */
      created_at: components["schemas"]["i64"];
      /** @description Why it was given up. */
      error?: string | null;
      /**
       * Format: int64
       * @description Facts handed to the log so far.
       */
      facts_done: number;
      /**
       * Format: int64
       * @description Of those, facts that were not known before.
       */
      facts_new: number;
      /**
       * Format: int64
       * @description Facts that the files give, once they are read.
       */
      facts_total: number;
      /** @description The files. */
      files: components["schemas"]["FileBody"][];
      finished_at?: components["schemas"]["i64"] | null;
      /**
       * @description Its id.
       * @example imp_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /**
       * Format: int64
       * @description Rows read so far.
       */
      rows_read: number;
      /**
       * Format: int64
       * @description Rows that could not be taken; `/rejects.csv` lists them.
       */
      rows_rejected: number;
      /** @description The system of record. */
      source: string;
      /** @description `waiting`, `reading`, `writing`, `done` or `failed`. */
      state: string;
      /** @description What was found: format, currency, orders, refunds, costs, what was left out and why, warnings. */
      summary?: Record<string, never> | null;
    };
    /**
     * @description What can be asked for.
     * @enum {string}
     */
    Kind: "export" | "erase";
    /** @description What somebody is known by: one of the fields. */
    Known: {
      /**
       * @description An e-mail address.
       * @example ann@example.org
       */
      email?: string | null;
      handle?: components["schemas"]["KnownHandle"] | null;
      /** @description A phone number, with its country. */
      phone?: string | null;
    };
    /** @description A name of any channel. */
    KnownHandle: {
      /** @description `user`, `shopify`, `anonymous`, ... */
      channel: string;
      /** @description The id. */
      id: string;
      /** @description Within which system the id is unique. */
      scope?: string;
    };
    /** @description Who is calling, and what they may do. */
    Me: {
      /** @description Name of the key, if the caller has shown one. */
      key?: string | null;
      /** @description `user` or `key`. */
      kind: string;
      role?: components["schemas"]["Role"] | null;
      /** @description What the caller may do. */
      scopes: components["schemas"]["Scope"][];
      user?: components["schemas"]["User"] | null;
    };
    /** @description A customer of a segment. Amounts are net, decimals in major units. */
    MemberBody: {
      /**
       * @description The person.
       * @example per_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      customer: string;
      /** @description Day of the first order. */
      first_order: string;
      /** @description Day of the last purchase. */
      last_purchase?: string | null;
      /**
       * Format: int32
       * @description Orders that count.
       */
      orders: number;
      /**
       * Format: int32
       * @description Orders of which something was kept.
       */
      purchases: number;
      /** @description Where the customer stands: `active`, `at_risk`, `lapsed`; null without a purchase. */
      stage?: string | null;
      /**
       * @description Value so far.
       * @example 614.10
       */
      value: string;
      /** @description Value of the last 12 months. */
      value_12m: string;
    };
    /** @description A page of members. */
    MemberPage: {
      /** @description The customers, those who brought most first. */
      items: components["schemas"]["MemberBody"][];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description Whom to join a customer with. */
    MergeRequest: {
      /** @description Why, up to 200 characters [default: manual]. */
      reason?: string | null;
      /**
       * @description The other customer.
       * @example per_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      with: string;
    };
    /** @description Why two profiles are one person. */
    MergeRow: {
      /** @description When, microseconds since 1970. */
      at: components["schemas"]["i64"];
      /** @description Seen together, rather than joined by somebody. */
      automatic: boolean;
      /** @description Who joined them. */
      by?: string | null;
      /** @description One profile. */
      left: string;
      /** @description What takes it back. */
      merge: string;
      /** @description What they have in common (`email`, `phone`, `anonymous`, an account), or why somebody joined them. */
      reason: string;
      /** @description The other. */
      right: string;
      undone?: components["schemas"]["Undone"] | null;
    };
    /** @description Two customers made one. */
    Merged: {
      /** @description What takes it back. */
      merge: string;
      /** @description The person that both are now: the one known for longer keeps its id. */
      person: string;
    };
    /** @description The answer. */
    MetricAnswer: components["schemas"]["FigureBody"] & {
      /**
       * Format: int32
       * @description The age of lifetime values in days, where it matters.
       */
      age_days?: number | null;
      /** @description The last day that counts. */
      as_of: string;
      /** @description The value basis, if it matters. */
      basis?: string | null;
      breakdown?: components["schemas"]["BreakdownAnswer"] | null;
      comparison?: components["schemas"]["ComparedFigure"] | null;
      /** @description Whether the span is over at the as-of. */
      complete: boolean;
      /** @description The currency of amounts. */
      currency: string;
      /** @description Orders left out of everything, by reason. */
      excluded: Record<string, never>[];
      /** @description First day of the span, if there is one. */
      from?: string | null;
      /** @description Identified customers of all. */
      identified_share: Record<string, never>;
      /** @description The metric. */
      metric: string;
      /** @description The day on which refunds lower value: `order` or `event`. */
      refund_date: string;
      series?: components["schemas"]["Series"] | null;
      /** @description Its name for people. */
      title: string;
      /** @description `count`, `money`, `share`, `days` or `number`. */
      unit: string;
      /** @description Last day of the span. */
      until: string;
    };
    /** @description A metric of the catalogue. */
    MetricBody: {
      /** @description What it means. */
      definition: string;
      /** @description How it is computed. */
      formula: string;
      /** @description Whether the value basis changes it. */
      has_basis: boolean;
      /**
       * @description The stable id.
       * @example net_sales
       */
      id: string;
      /** @description `span`: of what was ordered within days; `state`: of customers as of a day; `table`: no single figure. */
      kind: string;
      /** @description The name that people read, by language: `en`, `it`, `fr`, `ar`, `ro`. */
      names: {
        [key: string]: string;
      };
      /** @description Who or what is counted. */
      population: string;
      /** @description `count`, `money`, `share`, `days`, `number` or `table`. */
      unit: string;
      /** @description Why Shopify's own figure can differ. */
      why_shopify_differs: string;
    };
    /** @description What is asked of a metric. Everything may be left out. */
    MetricQuestion: {
      /**
       * Format: int32
       * @description The age of lifetime values in days; 90 if left out.
       * @default null
       */
      age_days: number | null;
      /**
       * @description The last day that counts, `YYYY-MM-DD`; today by the shop's clock if left out.
       * @default null
       * @example 2026-06-30
       */
      as_of: string | null;
      /**
       * @description `gross`, `placed`, `net`, `total`, `margin` or `contribution`; `net` if left out.
       * @default null
       */
      basis: string | null;
      /**
       * @description `cohort`, `stage`, `order_kind`, or a column of the orders such as `channel`, `country`, `first_product`.
       * @default null
       */
      by: string | null;
      /**
       * @description `previous` or `year`: the span that it is compared with; needs `from`.
       * @default null
       */
      compare: string | null;
      /**
       * @description First day of the span.
       * @default null
       */
      from: string | null;
      /**
       * @description `day`, `week`, `month`, `quarter` or `year`: the steps of a series.
       * @default null
       */
      interval: string | null;
      /**
       * @description `order` or `event`; metrics of a span count refunds on their own day if left out, values of customers on that of the order.
       * @default null
       */
      refund_date: string | null;
      /** @description Only these customers: the id of a segment (`vip`, `at_risk`, `seg_...`), or a definition. */
      segment?: unknown;
      /**
       * @description Last day of the span. Metrics of a state are as of this day.
       * @default null
       */
      until: string | null;
    };
    /** @description Who moved where between two days. */
    Migration: {
      /** @description What customers move by. */
      by: string;
      /** @description Every pair of places that has customers, in the order of places, `none` last. */
      cells: components["schemas"]["MigrationCell"][];
      /** @description The currency of amounts. */
      currency: string;
      /** @description The first day. */
      from: string;
      /**
       * Format: int64
       * @description Customers.
       */
      n: number;
      /** @description The places, in their order. */
      places: string[];
      /** @description The last day. */
      until: string;
    };
    /** @description Customers who stood at one place and stand at another, or the same. */
    MigrationCell: {
      /** @description How many, of all who stood at `from`. */
      customers: Record<string, never>;
      /** @description Where they stood on the first day; `none` without a purchase until then. */
      from: string;
      /** @description Where they stand on the last day; `none` if everything was returned since. */
      to: string;
      /**
       * @description What they brought in between, net; null if the files have no amounts.
       * @example 614.10
       */
      value?: string | null;
    };
    /** @description A fit of the value model. */
    ModelBody: {
      /** @description What this fit found when it compared an older one with what happened since; empty if nothing was wrong. */
      alarms: components["schemas"]["AlarmBody"][];
      /** @description The last day that the fit knows of. */
      as_of: string;
      /** @description Accuracy in rolling back-tests on the shop's own history; empty where it is too short. */
      backtest: components["schemas"]["WindowAccuracy"][];
      /** @description What value means: `net`. */
      basis: string;
      /** @description When it was made, microseconds since 1970. */
      created_at: components["schemas"]["i64"];
      /** @description ISO 4217 code of values. */
      currency: string;
      /**
       * Format: int64
       * @description Customers with orders that count.
       */
      customers: number;
      /**
       * Format: int64
       * @description Days that a forecast covers.
       */
      horizon_days: number;
      /** @description The models that it is made of, largest share first. */
      members: components["schemas"]["Share"][];
      /**
       * @description Name of the model; `cohort-average` while there is too little data.
       * @example blend
       */
      model: string;
      /**
       * Format: int64
       * @description Orders that the fit saw.
       */
      orders: number;
      /** @description Why this model was chosen. */
      reason?: string | null;
      scored_at?: components["schemas"]["i64"] | null;
      /** @description Why there is no forecast of single customers, if there is none. */
      too_little_data?: string | null;
      /**
       * Format: int64
       * @description Which fit; the highest scores.
       */
      version: number;
    };
    /** @description A page of fits. */
    ModelPage: {
      /** @description The fits, newest first. */
      items: components["schemas"]["ModelBody"][];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A key just made. The secret is known now and never again. */
    NewKey: components["schemas"]["ApiKey"] & {
      /**
       * @description The whole key, for the `Authorization: Bearer` header or as Segment's write key.
       * @example clove_7f3a9c0d12be_...
       */
      key: string;
    };
    /** @description Orders in a few numbers. Amounts are decimals in major units. */
    OrderStatistics: {
      /** @description ISO 4217 code. */
      currency: string;
      /** @description Discounts. */
      discount: string;
      /** @description Day of the first order that counts. */
      first_order?: string | null;
      /** @description Day of the first purchase. */
      first_purchase?: string | null;
      /**
       * @description Value before discounts.
       * @example 614.10
       */
      gross: string;
      last_order_at?: components["schemas"]["i64"] | null;
      /** @description Day of the last purchase. */
      last_purchase?: string | null;
      /** @description Gross minus discounts minus returned items: the historic value. */
      net: string;
      /**
       * Format: int64
       * @description Orders that count, refunded ones included.
       */
      orders: number;
      /**
       * Format: int64
       * @description Days with purchases of which something was kept.
       */
      purchase_days: number;
      /** @description Returned items. */
      refunded: string;
      /** @description When the row was written, microseconds since 1970. */
      updated_at: components["schemas"]["i64"];
    };
    /**
     * @description What became of a delivery. Whatever it is, the delivery is durable and need not be sent again.
     * @enum {string}
     */
    Outcome: "taken" | "known" | "kept" | "waiting" | "ignored";
    /** @description How much segments have in common. */
    Overlap: {
      /** @description The last day that counts. */
      as_of: string;
      /**
       * Format: int64
       * @description Identified customers.
       */
      n: number;
      /** @description Every pair both ways, row by row: as many entries as segments times segments. */
      pairs: components["schemas"]["OverlapPair"][];
      /** @description The segments, in the order asked for. Those that cannot be told here are left out. */
      segments: string[];
    };
    /** @description Two segments side by side. */
    OverlapPair: {
      /** @description A segment. */
      a: string;
      /** @description Another one, or the same. */
      b: string;
      /**
       * Format: double
       * @description How many times as often customers are in both as they would be if one had nothing to do with the other; null without customers.
       */
      lift?: number | null;
      /** @description Customers in both, of those in `a`. */
      shared: Record<string, never>;
    };
    /** @description A page of a list. */
    Page_AuditEntry: {
      /** @description The items, in the order of the list. */
      items: {
        /**
         * @description What was done.
         * @example key.created
         */
        action: string;
        /**
         * @description Which one: the id of the user or key, or the name of the command.
         * @example usr_0190a1b2c3d4e5f60718293a4b5c6d7e
         */
        actor: string;
        /**
         * @description What kind of hand did it: `user`, `key`, `command`, `system` or `unknown`.
         * @example user
         */
        actor_kind: string;
        /** @description Keyed hash of the network address: the same address gives the same text. */
        address?: string | null;
        /** @description When it was done, microseconds since 1970. */
        at: components["schemas"]["i64"];
        /** @description What is worth knowing about it. */
        details?: unknown;
        /**
         * @description Its id; later entries have greater ones.
         * @example aud_0190a1b2c3d4e5f60718293a4b5c6d7e
         */
        id: string;
        /** @description To what. */
        target?: string | null;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_CustomerRow: {
      /** @description The items, in the order of the list. */
      items: {
        /** @description The person. */
        id: string;
        /** @description What is known of the person. */
        profile: components["schemas"]["Profile"];
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_DeadLetter: {
      /** @description The items, in the order of the list. */
      items: {
        /**
         * Format: int64
         * @description How often it was tried.
         */
        attempts: number;
        /** @description When it was given up, microseconds since 1970. */
        died_at: components["schemas"]["i64"];
        /** @description The last error. */
        error?: string | null;
        /**
         * @description What to name it by when it is tried again.
         * @example fact.identity.1742
         */
        id: string;
        /** @description `fact`: a subscriber could not handle it. `job`: a job failed too often. */
        kind: string;
        /** @description The subscriber, or the queue of the job. */
        of: string;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_DeliveryBody: {
      /** @description The items, in the order of the list. */
      items: {
        /** @description The body as it came, bytes that are no text replaced; absent in lists and once it is settled. It holds personal data. */
        body?: string | null;
        /** @description When its state last changed, microseconds since 1970. */
        changed_at: components["schemas"]["i64"];
        /**
         * @description Its id.
         * @example dlv_0190a1b2c3d4e5f60718293a4b5c6d7e
         */
        id: string;
        /** @description What is wrong with it. */
        problems: components["schemas"]["FieldProblem"][];
        /** @description When it came, microseconds since 1970. */
        received_at: components["schemas"]["i64"];
        /** @description Whose webhook it is. */
        source: string;
        /** @description `open`, `waiting`, `settled` or `discarded`. */
        state: string;
        /** @description What it is about, as the shop calls it. */
        topic: string;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_ImportBody: {
      /** @description The items, in the order of the list. */
      items: {
        /**
         * Format: int64
         * @description Bytes read so far.
         */
        bytes_read: number;
        /**
         * Format: int64
         * @description Bytes of all files.
         */
        bytes_total: number;
        /** @description When it was handed in, microseconds since 1970. */
        created_at: components["schemas"]["i64"];
        /** @description Why it was given up. */
        error?: string | null;
        /**
         * Format: int64
         * @description Facts handed to the log so far.
         */
        facts_done: number;
        /**
         * Format: int64
         * @description Of those, facts that were not known before.
         */
        facts_new: number;
        /**
         * Format: int64
         * @description Facts that the files give, once they are read.
         */
        facts_total: number;
        /** @description The files. */
        files: components["schemas"]["FileBody"][];
        finished_at?: components["schemas"]["i64"] | null;
        /**
         * @description Its id.
         * @example imp_0190a1b2c3d4e5f60718293a4b5c6d7e
         */
        id: string;
        /**
         * Format: int64
         * @description Rows read so far.
         */
        rows_read: number;
        /**
         * Format: int64
         * @description Rows that could not be taken; `/rejects.csv` lists them.
         */
        rows_rejected: number;
        /** @description The system of record. */
        source: string;
        /** @description `waiting`, `reading`, `writing`, `done` or `failed`. */
        state: string;
        /** @description What was found: format, currency, orders, refunds, costs, what was left out and why, warnings. */
        summary?: Record<string, never> | null;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_PrivacyStatus: {
      /** @description The items, in the order of the list. */
      items: {
        done_at?: components["schemas"]["i64"] | null;
        /** @description Whether the document can be fetched: for 30 days. */
        has_document: boolean;
        /**
         * @description Its id.
         * @example req_0190a1b2c3d4e5f60718293a4b5c6d7e
         */
        id: string;
        /** @description `export`, `erase` or `shop_redact`. */
        kind: string;
        /** @description The person, if it is known and was not erased. */
        person?: string | null;
        /** @description What was done, how many of each, when; with a hash. Nothing in it identifies: it can be kept. */
        receipt?: unknown;
        /** @description When, microseconds since 1970. */
        requested_at: components["schemas"]["i64"];
        /** @description Who asked. */
        requested_by: string;
        /** @description `waiting`, `awaiting_approval` or `done`. */
        state: string;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_QuarantinedRecord: {
      /** @description The items, in the order of the list. */
      items: {
        /** @description When its state last changed, microseconds since 1970. */
        changed_at: components["schemas"]["i64"];
        /** @description Which reader understands the record: `segment`, `order`, `refund`, ... */
        format: string;
        /**
         * @description Its id.
         * @example qua_0190a1b2c3d4e5f60718293a4b5c6d7e
         */
        id: string;
        /** @description What is wrong. What it quotes of the record is left out unless the caller may see people's data. */
        message: string;
        /** @description Where in the body that it came with the problem is: a JSON pointer. */
        pointer: string;
        /** @description When it came, microseconds since 1970. */
        received_at: components["schemas"]["i64"];
        /** @description How to mend it. */
        remedy: string;
        /** @description The system of record. */
        source: string;
        /** @description What became of it: `open`, `taken`, `discarded` or `erased`. */
        state: string;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A page of a list. */
    Page_TimelineEntry: {
      /** @description The items, in the order of the list. */
      items: {
        /** @description When it happened, microseconds since 1970. */
        at: components["schemas"]["i64"];
        /** @description What happened, in the form of its kind; amounts in minor units. */
        data: unknown;
        /** @description The fact that says so; of an order, refund or profile the newest. */
        fact: string;
        /** @description Its id there. */
        id: string;
        /**
         * @description What sort of thing it is: one of the names that `kinds` takes.
         * @example order
         */
        kind: string;
        /** @description When this state was taken in, microseconds since 1970. */
        received_at: components["schemas"]["i64"];
        /** @description The system of record. */
        source: string;
      }[];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description Customers who buy alike. */
    Persona: {
      /** @description Value of the last 12 months, per customer. */
      clv_12m: Record<string, never>;
      /** @description How many of the customers who are told. */
      customers: Record<string, never>;
      /** @description What they buy more than others, by how many of them bought it. */
      products: components["schemas"]["PersonaProduct"][];
      /** @description What sets them apart, the most first. */
      traits: components["schemas"]["PersonaTrait"][];
      /** @description Value so far, net, per customer. */
      value_per_customer: Record<string, never>;
      /**
       * Format: double
       * @description Share of all value so far.
       */
      value_share?: number | null;
      /**
       * @description What sets them apart, as a sentence.
       * @example buy often, were here lately, pay the full price
       */
      words: string;
    };
    /** @description A product that a persona buys. */
    PersonaProduct: {
      /** @description Customers of the persona who bought it. */
      customers: Record<string, never>;
      /**
       * Format: double
       * @description How many times as often as all customers.
       */
      lift: number;
      /** @description The product. */
      product: string;
    };
    /** @description What sets a persona apart. */
    PersonaTrait: {
      /**
       * Format: double
       * @description Standard deviations between the means.
       */
      deviations: number;
      /** @description `high` or `low`, beside the shop. */
      direction: string;
      /**
       * @description The figure, as segments name it.
       * @example discount_share
       */
      figure: string;
      /**
       * Format: double
       * @description The median of the persona's customers; money in major units.
       */
      median: number;
      /**
       * Format: double
       * @description The median of the shop's.
       */
      usual: number;
      /** @description The same in words. */
      words: string;
    };
    /** @description The personas of a shop. */
    Personas: {
      /** @description The last day that counts. */
      as_of: string;
      /** @description The currency of amounts. */
      currency: string;
      /**
       * Format: int64
       * @description Identified customers with a purchase.
       */
      n: number;
      /** @description What to know. */
      note?: string | null;
      /** @description Those who bring most first; empty where there are too few customers, which `note` says. */
      personas: components["schemas"]["Persona"][];
      /** @description The value of all of them so far; null if the files have no amounts. */
      value?: string | null;
    };
    /** @description A value that some of a customer's orders have. */
    Preference: {
      /** @description Whether chance alone would seldom give as many. */
      clear: boolean;
      /** @description `channel`, `weekday`, `part_of_day`, `price_band`, `discount`, `product`, or another column of the orders. */
      kind: string;
      /**
       * Format: double
       * @description How many times as often as usual; null where it is usual of nobody.
       */
      lift?: number | null;
      /** @description The customer's orders with it, of all the customer's orders of which it is known. */
      orders: Record<string, never>;
      /** @description The same of the shop: what is usual. */
      usual: Record<string, never>;
      /** @description The value. */
      value: string;
    };
    /** @description What a customer prefers. */
    Preferences: {
      /** @description Clear ones first, then by lift. */
      found: components["schemas"]["Preference"][];
      /**
       * Format: int64
       * @description The customer's orders that count.
       */
      orders: number;
    };
    /** @description A definition, read and counted. */
    Preview: components["schemas"]["SegmentFigures"] & {
      /** @description The definition as a sentence. */
      words: string;
    };
    /** @description A definition to try. */
    PreviewRequest: {
      /** @description The last day that counts, `YYYY-MM-DD`; today if left out. */
      as_of?: string | null;
      /** @description Who is in it. */
      definition: Record<string, never>;
    };
    /** @description A request: a kind, and the person by id or by one name. */
    PrivacyRequest: components["schemas"]["Known"] & {
      /** @description What is asked for. */
      kind: components["schemas"]["Kind"];
      /**
       * @description Id of the person.
       * @example per_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      person?: string | null;
    };
    /** @description A request as it stands. */
    PrivacyStatus: {
      done_at?: components["schemas"]["i64"] | null;
      /** @description Whether the document can be fetched: for 30 days. */
      has_document: boolean;
      /**
       * @description Its id.
       * @example req_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description `export`, `erase` or `shop_redact`. */
      kind: string;
      /** @description The person, if it is known and was not erased. */
      person?: string | null;
      /** @description What was done, how many of each, when; with a hash. Nothing in it identifies: it can be kept. */
      receipt?: unknown;
      /** @description When, microseconds since 1970. */
      requested_at: components["schemas"]["i64"];
      /** @description Who asked. */
      requested_by: string;
      /** @description `waiting`, `awaiting_approval` or `done`. */
      state: string;
    };
    /** @description A problem. */
    Problem: {
      /** @description What to do. */
      action: string;
      /** @description The money concerned, where it can be told. */
      at_stake?: string | null;
      /** @description The figures that say so, as a sentence. */
      evidence: string;
      /** @description The metric that it is about. */
      metric: string;
      /**
       * Format: int64
       * @description How many customers or orders the value rests on.
       */
      n: number;
      /**
       * Format: int64
       * @description How many customers these are.
       */
      reach?: number | null;
      /**
       * @description The rule's name.
       * @example second_purchase_gap
       */
      rule: string;
      /** @description Whom it concerns, as a segment's definition. */
      segment?: Record<string, never> | null;
      /** @description Where in the lifecycle: `awareness`, `engagement`, `conversion`, `retention`, `advocacy`, or `data`. */
      stage: string;
      /** @description What goes wrong. */
      title: string;
      /**
       * Format: double
       * @description What is usual in this shop; null where the rule has a fixed bound.
       */
      usual?: number | null;
      /**
       * Format: double
       * @description Its value.
       */
      value: number;
    };
    /** @description The body of an error. */
    ProblemBody: {
      /**
       * @description The public code.
       * @example invalid_body
       */
      code: string;
      /** @description What is wrong this time, and what to do next. */
      detail: string;
      /** @description Each thing that is wrong with the body. */
      errors?: components["schemas"]["FieldProblem"][];
      /**
       * Format: int32
       * @description The HTTP status again.
       * @example 422
       */
      status: number;
      /** @description What the code means. */
      title: string;
    };
    /** @description Everything that was looked for. */
    Problems: {
      /** @description The last day that counts. */
      as_of: string;
      /** @description Every rule, with what became of it. */
      checked: components["schemas"]["Checked"][];
      /** @description The currency of amounts. */
      currency: string;
      /** @description What was found: where money is known the most first, then the others. */
      found: components["schemas"]["Problem"][];
    };
    /** @description What is known of a person, as the API shows it. */
    Profile: {
      /** @description Country, ISO 3166 alpha-2. */
      country?: string | null;
      /** @description Deleted in every source that knows the person. */
      deleted: boolean;
      /** @description E-mail addresses, the one heard of last first. */
      emails: string[];
      /** @description First name. */
      first_name?: string | null;
      /**
       * Format: int64
       * @description When the person was first heard of by an order or a profile, microseconds since 1970.
       */
      known_since: number;
      /** @description Last name. */
      last_name?: string | null;
      /** @description Language, BCP 47. */
      locale?: string | null;
      /** @description Phone numbers, the one heard of last first. */
      phones: string[];
      /** @description Tags of all sources. */
      tags: string[];
      /** @description IANA time zone. */
      time_zone?: string | null;
    };
    /** @description A record that was kept apart. */
    QuarantinedRecord: {
      /** @description When its state last changed, microseconds since 1970. */
      changed_at: components["schemas"]["i64"];
      /** @description Which reader understands the record: `segment`, `order`, `refund`, ... */
      format: string;
      /**
       * @description Its id.
       * @example qua_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description What is wrong. What it quotes of the record is left out unless the caller may see people's data. */
      message: string;
      /** @description Where in the body that it came with the problem is: a JSON pointer. */
      pointer: string;
      /** @description When it came, microseconds since 1970. */
      received_at: components["schemas"]["i64"];
      /** @description How to mend it. */
      remedy: string;
      /** @description The system of record. */
      source: string;
      /** @description What became of it: `open`, `taken`, `discarded` or `erased`. */
      state: string;
    };
    /** @description How far the server has come. */
    Ready: {
      /**
       * Format: int64
       * @description Facts that the slowest subscriber still has to handle.
       */
      behind: number;
      /**
       * Format: int64
       * @description Number of the last fact of the log.
       */
      facts: number;
      /** @description `ready`. */
      status: string;
    };
    /** @description What became of the wish for a refit. */
    RefitAsked: {
      /** @description Whether this call asked for it; false if one was asked for already and has not ended. */
      new: boolean;
    };
    /** @description What became of a record that was tried again. */
    Retried: {
      /** @description Facts that were known already. */
      known: number;
      /** @description Facts that were not known before. */
      new: number;
    };
    /**
     * @description The role of a user. Each stands for scopes; `docs/api.md` has the table.
     * @enum {string}
     */
    Role: "owner" | "admin" | "marketing" | "support" | "analyst";
    /** @description A segment to save. */
    SaveSegment: {
      /** @description Who is in it. */
      definition: Record<string, never>;
      /**
       * @description Its name, 1 to 100 characters; no two segments have the same.
       * @example Web buyers who are late
       */
      name: string;
      /** @description What it is for, up to 1,000 characters. */
      note?: string | null;
      /**
       * Format: int64
       * @description When changing: the version that was seen, so that nobody's change is lost.
       */
      version?: number | null;
    };
    /**
     * @description What a key may do. A key has one or more of them.
     * @enum {string}
     */
    Scope: "ingest" | "read" | "people" | "admin";
    /** @description A forecast of one customer. Amounts are decimals in major units. */
    ScoreBody: {
      /** @description The last day that the forecast knows of. */
      as_of: string;
      /** @description `low`, `middle`, `high` or `top`: by the shop's own quantiles. */
      band?: string | null;
      /** @description What value means: `net`. */
      basis: string;
      /** @description ISO 4217 code. */
      currency: string;
      /** @description The person. */
      customer: string;
      /**
       * Format: double
       * @description Purchases expected within the horizon.
       */
      expected_purchases?: number | null;
      /** @description Value expected of a purchase. */
      expected_spend?: string | null;
      /**
       * Format: int64
       * @description Days that the forecast covers.
       */
      horizon_days: number;
      /** @description The model; `cohort-average` is the mean of all customers. */
      model: string;
      /**
       * Format: int64
       * @description Which fit of it.
       */
      model_version: number;
      /**
       * Format: double
       * @description Probability of being a customer still.
       */
      p_alive?: number | null;
      /** @description Upper end of it. */
      predicted_high?: string | null;
      /** @description Lower end of the 80 % interval of the outcome. */
      predicted_low?: string | null;
      /** @description Value expected within the horizon. */
      predicted_value?: string | null;
      /**
       * Format: double
       * @description Probability of at least one purchase within the horizon.
       */
      probability_of_purchase?: number | null;
      /** @description When it was computed, microseconds since 1970. */
      updated_at: components["schemas"]["i64"];
    };
    /** @description A segment. */
    SegmentBody: {
      changed_at?: components["schemas"]["i64"] | null;
      /** @description Its definition. */
      definition: Record<string, never>;
      figures?: components["schemas"]["SegmentFigures"] | null;
      /**
       * @description Its id: a word for ready-made ones, `seg_...` for saved ones.
       * @example vip
       */
      id: string;
      /** @description `ready` or `saved`. */
      kind: string;
      /** @description Its name; of ready-made ones in English. */
      name: string;
      /** @description Names of ready-made ones by language. */
      names?: Record<string, never> | null;
      /** @description What it is for. */
      note?: string | null;
      /** @description Why it has no numbers here. */
      unavailable?: string | null;
      /**
       * Format: int64
       * @description Counts its definitions; 0 for ready-made ones.
       */
      version: number;
      /**
       * @description Its definition as a sentence.
       * @example days with purchases at least 3 and active or at risk
       */
      words: string;
    };
    /** @description A segment in numbers. */
    SegmentFigures: {
      /** @description The last day that counts. */
      as_of: string;
      /** @description Their net value of the last 12 months, per customer. */
      clv_12m: Record<string, never>;
      /** @description The currency of amounts. */
      currency: string;
      /** @description Its customers of all identified ones. */
      customers: Record<string, never>;
      /** @description The percentiles that the definition rests on. */
      cuts: components["schemas"]["Cut"][];
      /**
       * Format: int64
       * @description Their orders.
       */
      orders: number;
      /** @description Those with two purchases or more. */
      repeat_purchase_rate: Record<string, never>;
      /**
       * @description Their net value so far; null if the files have no amounts.
       * @example 614.10
       */
      value?: string | null;
      /** @description The same per customer. */
      value_per_customer: Record<string, never>;
      /**
       * Format: double
       * @description Net value of all identified customers that is theirs.
       */
      value_share?: number | null;
    };
    /** @description All segments. */
    SegmentList: {
      /** @description The ready-made ones, then the saved ones by name. */
      items: components["schemas"]["SegmentBody"][];
    };
    /** @description A metric over time. */
    Series: {
      /** @description `day`, `week`, `month`, `quarter` or `year`. */
      interval: string;
      /** @description One after the other, without gaps. */
      steps: components["schemas"]["Step"][];
    };
    /** @description A new password for somebody. */
    SetPassword: {
      /** @description The password, 12 to 256 characters, for them to change. */
      password: string;
    };
    /** @description The settings. */
    SettingsBody: {
      /**
       * @description ISO 4217 code of the currency that the shop keeps its books in; null until the first order comes in.
       * @example EUR
       */
      currency?: string | null;
      /** @description Whether values are being computed anew because of this change. */
      rebuilding: boolean;
      /**
       * @description IANA name of the shop's time zone: what a day is.
       * @example Europe/Rome
       */
      time_zone: string;
    };
    /** @description A model's share in a blend. */
    Share: {
      /** @description Name of the model. */
      model: string;
      /**
       * Format: double
       * @description Its share.
       */
      share: number;
    };
    /** @description The shop at a glance. */
    ShopBody: {
      /**
       * @description ISO 4217 code of the currency that the shop keeps its books in; null until the first order comes in.
       * @example EUR
       */
      currency?: string | null;
      /** @description Whether the shop was made up, to look round. */
      demo: boolean;
      /** @description Day of the first order, those that do not count included; null without orders. */
      first_day?: string | null;
      /** @description Whether a model forecasts customers. */
      has_forecasts: boolean;
      /** @description Day of the last order. */
      last_day?: string | null;
      /**
       * @description IANA name of the shop's time zone.
       * @example Europe/Rome
       */
      time_zone: string;
      /**
       * @description What day it is there.
       * @example 2026-06-30
       */
      today: string;
    };
    /** @description How somebody shows who they are: e-mail address and password, or, on the machine itself, the owner's key. */
    SignIn: {
      /**
       * @description The e-mail address of the user.
       * @example ann@example.org
       */
      email?: string | null;
      /** @description The owner's key, which the first start has shown; at http://localhost only. */
      owner_key?: string | null;
      /** @description The user's password. */
      password?: string | null;
    };
    /** @description A source as people see it: everything but the secret of its webhooks. */
    SourceBody: {
      /** @description When it was last changed, microseconds since 1970. */
      changed_at: components["schemas"]["i64"];
      /** @description When it was added, microseconds since 1970. */
      created_at: components["schemas"]["i64"];
      /** @description Currency of amounts whose sender names none, ISO 4217. */
      currency?: string | null;
      disconnected_at?: components["schemas"]["i64"] | null;
      /** @description Whether its webhooks have a secret to be checked with; without one they are refused. */
      has_webhook_secret: boolean;
      /**
       * @description Its name.
       * @example shopify:my-shop
       */
      name: string;
      /**
       * @description `shopify`, `woocommerce`, `web` or `other`.
       * @example shopify
       */
      system: string;
      /**
       * @description When its events are taken in: `required`, `asserted` or `granted`. Null: `required` for keys that may only ingest and are
       *     meant for browsers, `asserted` for keys of servers.
       */
      tracking_policy?: string | null;
      /** @description Where the shop sends its webhooks to, if it is of a system that has some. */
      webhook_path?: string | null;
    };
    /** @description A stage in numbers. */
    StageCount: {
      /**
       * Format: int64
       * @description Contacts that ever reached it.
       */
      reached: number;
      /** @description When it is reached. */
      rule: string;
      /** @description `awareness`, `engagement`, `conversion`, `retention` or `advocacy`. */
      stage: string;
      /** @description Contacts that stand there, of all. */
      standing: Record<string, never>;
      /** @description Those who reached a further stage, of those who reached this one; null of the last. */
      went_on?: Record<string, never> | null;
    };
    /** @description Contacts of one period. Lists have an entry per stage, in their order. */
    StageFlow: {
      /** @description Whether the period is over at the as-of. */
      complete: boolean;
      /** @description Contacts that reached the stage in the period. */
      reached: number[];
      /** @description Contacts that stand there at its end. */
      standing: number[];
      /** @description Its first day. */
      start: string;
    };
    /** @description A stage that a contact reached. */
    StageReached: {
      /** @description The day on which this contact reached it; null if not yet. */
      on?: string | null;
      /** @description When it is reached. */
      rule: string;
      /** @description `awareness`, `engagement`, `conversion`, `retention` or `advocacy`. */
      stage: string;
    };
    /** @description How far a contact has come. */
    StagesOfContact: {
      /** @description The furthest stage reached; null if nothing is known yet. */
      stage?: string | null;
      /** @description All stages, in their order. */
      stages: components["schemas"]["StageReached"][];
    };
    /** @description A step of a series. */
    Step: components["schemas"]["FigureBody"] & {
      /** @description Whether it is over, and lies within the span. */
      complete: boolean;
      /** @description Its last day. */
      end: string;
      /** @description Its first day. */
      start: string;
    };
    /** @description What Segment answers. */
    Success: {
      /** @description `true`. */
      success: boolean;
    };
    /** @description What became of the records of a request. */
    TakenRecords: {
      /** @description Records that had been handed in exactly so before. */
      known: number;
      /** @description Records in a state that was not known before. */
      new: number;
      /** @description The profile that each record was taken in under, in the order of the body. */
      subjects: string[];
    };
    /** @description Something that happened. */
    TimelineEntry: {
      /** @description When it happened, microseconds since 1970. */
      at: components["schemas"]["i64"];
      /** @description What happened, in the form of its kind; amounts in minor units. */
      data: unknown;
      /** @description The fact that says so; of an order, refund or profile the newest. */
      fact: string;
      /** @description Its id there. */
      id: string;
      /**
       * @description What sort of thing it is: one of the names that `kinds` takes.
       * @example order
       */
      kind: string;
      /** @description When this state was taken in, microseconds since 1970. */
      received_at: components["schemas"]["i64"];
      /** @description The system of record. */
      source: string;
    };
    /** @description A page of the ranking. */
    TopPage: {
      /** @description The customers, those of whom most is expected first. */
      items: components["schemas"]["ScoreBody"][];
      /** @description Cursor of the next page; absent on the last one. */
      next?: string | null;
    };
    /** @description A merge taken back. */
    Undone: {
      /** @description When, microseconds since 1970. */
      at: components["schemas"]["i64"];
      /** @description Who. */
      by?: string | null;
      /** @description Why. */
      reason: string;
    };
    /** @description Persons after a merge was taken back. */
    Unmerged: {
      /** @description Whom the one profile belongs to now. */
      left: string;
      /** @description Whom the other belongs to now; the same person if something else joins them. */
      right: string;
    };
    /** @description Who wants no more, and of what. */
    Unsubscribe: components["schemas"]["Known"] & {
      /** @description The channel [default: email]. */
      channel?: string | null;
      /** @description The purpose [default: marketing]. */
      purpose?: string | null;
    };
    /** @description A person who signs in. */
    User: {
      /** @description When they were added, microseconds since 1970. */
      created_at: components["schemas"]["i64"];
      /**
       * @description The e-mail address, in lower case: what they sign in with.
       * @example ann@example.org
       */
      email: string;
      /**
       * @description The id.
       * @example usr_0190a1b2c3d4e5f60718293a4b5c6d7e
       */
      id: string;
      /** @description How to call them. */
      name: string;
      /** @description When the password was last changed. */
      password_changed_at: components["schemas"]["i64"];
      /** @description What they may do. */
      role: components["schemas"]["Role"];
    };
    /** @description The answer to a webhook. */
    WebhookAnswer: {
      /** @description What became of the delivery. */
      result: components["schemas"]["Outcome"];
    };
    /** @description A record with what it says. */
    WholeRecord: components["schemas"]["QuarantinedRecord"] & {
      /** @description The record as JSON; absent once it is settled. */
      record?: Record<string, never> | null;
    };
    /** @description Accuracy of the chosen model in one window of the rolling back-test. */
    WindowAccuracy: {
      /**
       * Format: double
       * @description 100 x (expected / actual - 1) of the total.
       */
      bias_percent?: number | null;
      /** @description Customers known at its beginning. */
      customers: number;
      /**
       * Format: int32
       * @description Length of the window in days.
       */
      days: number;
      /**
       * Format: double
       * @description Mean absolute error of purchases per customer.
       */
      mae: number;
      /**
       * @description Last day that the forecast of the window saw.
       * @example 2026-03-31
       */
      origin: string;
      /**
       * Format: double
       * @description Purchases in it.
       */
      purchases: number;
      /**
       * Format: double
       * @description Root mean squared error of purchases per customer.
       */
      rmse: number;
      /**
       * Format: double
       * @description Rank correlation of expected and actual purchases.
       */
      spearman?: number | null;
    };
    /**
     * @description What the person wants.
     * @enum {string}
     */
    Wish: "granted" | "withdrawn";
    /** Format: int64 */
    i64: number;
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  get_actions: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description Share of those reached in time who come back and otherwise would not, of 1 [default: 0.05]. */
        answer_share?: number;
        /** @description The same of those who had left [default: 0.01]. */
        lapsed_answer_share?: number;
        /** @description What a message costs, in units of the shop's currency [default: 0.02]. */
        contact_cost?: number;
        /** @description What an offer takes off the order that it brings, of 1 [default: 0.1]. */
        offer_share?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Actions"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_affinity: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_audit: {
    parameters: {
      query?: {
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
        /** @description Entries of this action alone, such as `key.created`. */
        action?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_AuditEntry"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_changes: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/event-stream": string;
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_cohorts: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_concentration: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_consent_forms: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConsentForm"][];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  put_consent_forms_name: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the form */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["FormRequest"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConsentForm"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_consent_forms_name: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the form */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_consents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConsentByHandle"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConsentAnswer"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_consents_confirm: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Confirmation"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConfirmedConsent"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_consents_unsubscribe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Unsubscribe"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConsentAnswer"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_contact_stages: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description The first day of the flow, `YYYY-MM-DD` [default: 12 weeks before the last]. */
        from?: string;
        /** @description Periods of the flow: `day`, `week`, `month`, `quarter` or `year` [default: week]. */
        period?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ContactStages"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers: {
    parameters: {
      query?: {
        /** @description The one customer of an e-mail address, in any spelling. */
        email?: string;
        /** @description The one customer of a phone number, with its country. */
        phone?: string;
        /** @description The one customer of a profile, as the answer to orders names it. */
        subject?: string;
        /** @description Customers by the beginnings of names, of an e-mail address or of a phone number; accents, case and spelling variants do not matter. */
        q?: string;
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Customers of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Customers"];
        };
      };
      /** @description Done */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_customers: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A customer or a list of customers */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TakenRecords"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_top: {
    parameters: {
      query?: {
        /** @description By what: `predicted_value`. */
        by?: "predicted_value";
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TopPage"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Customer"];
        };
      };
      /** @description Done */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id_clv: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CustomerValue"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id_consents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CustomerConsents"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_customers_id_consents: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ConsentRequest"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ConsentAnswer"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_customers_id_merge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["MergeRequest"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Merged"];
        };
      };
      /** @description It is written down and takes effect soon */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id_merges: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MergeRow"][];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_customers_id_merges_merge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
        /** @description Id of the merge */
        merge: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Unmerged"];
        };
      };
      /** @description It is written down and takes effect soon */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id_preferences: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Preferences"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id_stages: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["StagesOfContact"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_customers_id_timeline: {
    parameters: {
      query?: {
        /**
         * @description Kinds to show, separated by commas: `order`, `refund`, `profile`, `identify`, `event`, `page`, `screen`, `group`, `merge`,
         *     `consent`, `erasure`, `score`, `segment` [default: all].
         * @example order,refund
         */
        kinds?: string;
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Entries of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Id of the person */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_TimelineEntry"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_dead_letters: {
    parameters: {
      query?: {
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_DeadLetter"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_dead_letters_id_retry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the dead letter */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_deliveries: {
    parameters: {
      query?: {
        /** @description `open` [default], `waiting`, `settled` or `discarded`. */
        state?: string;
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_DeliveryBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_deliveries_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeliveryBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_deliveries_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_deliveries_id_retry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the delivery */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DeliveryBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_event_names: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EventNames"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_events: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A message or a list of messages */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TakenRecords"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_headlines: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_imports: {
    parameters: {
      query?: {
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_ImportBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_imports: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
        /** @description For a body that is a file: what it holds: `orders` [default], `refunds`, `spend`, `costs` or `rates`. */
        kind?: string;
        /** @description For a body that is a file: its name. */
        name?: string;
        /** @description The shop's time zone [default: UTC]. */
        time_zone?: string;
        /** @description The shop's currency; needed when the files hold several. */
        currency?: string;
        /** @description Order of day and month: `dmy` or `mdy`. */
        date_order?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A file, or multipart/form-data with several */
    requestBody: {
      content: {
        "application/octet-stream": number[];
      };
    };
    responses: {
      /** @description Done */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_imports_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ImportBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_imports_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_imports_id_rejects_csv: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the import */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_keys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ApiKey"][];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_keys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateKey"];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["NewKey"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_keys_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the key */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_lifecycle: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_me: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Me"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  put_me_password: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangePassword"];
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_metrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Catalogue"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_metrics_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the metric */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MetricBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_metrics_id_explain: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the metric */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["MetricQuestion"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ExplanationBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_metrics_id_query: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the metric */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["MetricQuestion"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MetricAnswer"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_migration: {
    parameters: {
      query?: {
        /** @description The first day, `YYYY-MM-DD` [default: 90 days before the last]. */
        from?: string;
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `stage`, `recency_score`, `frequency_score` or `monetary_score` [default: stage]. */
        by?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Migration"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_models: {
    parameters: {
      query?: {
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ModelPage"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_models_refit: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["RefitAsked"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_orders: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description An order or a list of orders */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TakenRecords"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_payback: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_personas: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Personas"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_privacy_lift: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["Known"];
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_privacy_requests: {
    parameters: {
      query?: {
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_PrivacyStatus"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_privacy_requests: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PrivacyRequest"];
      };
    };
    responses: {
      /** @description Done */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PrivacyStatus"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_privacy_requests_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the request */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PrivacyStatus"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_privacy_requests_id_approve: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the request */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["PrivacyStatus"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_privacy_requests_id_document: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the request */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": unknown;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_privacy_requests_id_document: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the request */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_problems: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Problems"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_products: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A product or a list of products */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TakenRecords"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_quarantine: {
    parameters: {
      query?: {
        /** @description `open`, `taken`, `discarded` or `erased`; without it all of them. */
        state?: string;
        /** @description The system of record; without it all of them. */
        source?: string;
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Page_QuarantinedRecord"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_quarantine_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the record */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WholeRecord"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_quarantine_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the record */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_quarantine_id_retry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the record */
        id: string;
      };
      cookie?: never;
    };
    /** @description The mended record; empty for the record as it is */
    requestBody?: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Retried"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_refunds: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A refund or a list of refunds */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TakenRecords"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_repeat: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_rfm: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `gross`, `placed`, `net`, `total`, `margin` or `contribution` [default: net]. */
        basis?: string;
        /** @description `order` or `event`: the day on which refunds lower value [default: order]. */
        refund_date?: string;
        /** @description Only the customers of this segment, by its id. */
        segment?: string;
        /** @description Of cohorts: `month`, `first_product`, or a column of the first order [default: month]. */
        by?: string;
        /** @description Of cohorts: ages in days, with commas [default: 0,30,60,90,180,365]. */
        ages?: string;
        /** @description Of cohorts: `calendar` months or 30 days of `age` [default: calendar]. */
        grain?: string;
        /** @description Of the lifecycle: `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        period?: string;
        /** @description Of repetition: first day of the span [default: a year before the last]. */
        from?: string;
        /** @description Of repetition: last day of the span [default: the as-of]. */
        until?: string;
        /** @description Of products: bought by the same `customer` or in the same `order` [default: customer]. */
        basket?: string;
        /** @description Of products: baskets that a pair must be in [default: 2]. */
        support?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": Record<string, never>;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_segment_overlap: {
    parameters: {
      query?: {
        /** @description Ids of segments with commas [default: all, up to 40]. */
        segments?: string;
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Overlap"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_segments: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description Whether to say how many customers each has and what they are worth [default: false]. */
        figures?: boolean;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SegmentList"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_segments: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SaveSegment"];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SegmentBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_segments_preview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["PreviewRequest"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Preview"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_segments_id: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
      };
      header?: never;
      path: {
        /** @description Id of the segment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SegmentBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  put_segments_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the segment */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SaveSegment"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SegmentBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_segments_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the segment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_segments_id_export: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
      };
      header?: never;
      path: {
        /** @description Id of the segment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_segments_id_history: {
    parameters: {
      query?: {
        /** @description The first day, `YYYY-MM-DD` [default: a year before the last]. */
        from?: string;
        /** @description The last day [default: today]. */
        until?: string;
        /** @description `day`, `week`, `month`, `quarter` or `year` [default: month]. */
        interval?: string;
      };
      header?: never;
      path: {
        /** @description Id of the segment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["History"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_segments_id_members: {
    parameters: {
      query?: {
        /** @description The last day that counts, `YYYY-MM-DD` [default: today]. */
        as_of?: string;
        /** @description `next` of the page before; without it the first page. */
        cursor?: string;
        /** @description Items of the page, 1 to 500 [default: 50]. */
        limit?: number;
      };
      header?: never;
      path: {
        /** @description Id of the segment */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MemberPage"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SignIn"];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Me"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_session: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_settings: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SettingsBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  patch_settings: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangeSettings"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SettingsBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_shop: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["ShopBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_shop_data: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/x-ndjson": string;
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_sources: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SourceBody"][];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_sources: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AddSource"];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SourceBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  patch_sources_name: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Name of the source */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangeSource"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SourceBody"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_spend: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description A cost or a list of costs */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["TakenRecords"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_users: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"][];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_users: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["CreateUser"];
      };
    };
    responses: {
      /** @description Done */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_users_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the user */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  delete_users_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the user */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  patch_users_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the user */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["ChangeUser"];
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["User"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description What exists stands against it */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  put_users_id_password: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description Id of the user */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["SetPassword"];
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_health: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Health"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_prometheus: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/plain": string;
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Nothing is recorded */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The server cannot do it now; `Retry-After` says when to come back */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  get_ready: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Ready"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Not ready; the detail says why */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_call: {
    parameters: {
      query?: {
        /** @description The system of record, such as `shopify:my-shop`; not needed if the key is bound to one. */
        source?: string;
      };
      header?: never;
      path: {
        /**
         * @description Which call
         * @example track
         */
        call: string;
      };
      cookie?: never;
    };
    /** @description A message, or a batch of messages */
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Success"];
        };
      };
      /** @description No JSON, or too large */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The caller may not do this */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description There is no such thing */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_webhooks_shopify_source: {
    parameters: {
      query?: never;
      header: {
        /** @description What it is about */
        "X-Shopify-Topic": string;
        /** @description Base64 of the HMAC-SHA256 over the body */
        "X-Shopify-Hmac-SHA256": string;
        /** @description Id of the delivery */
        "X-Shopify-Webhook-Id"?: string | null;
      };
      path: {
        /** @description Name of the source */
        source: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookAnswer"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
  post_webhooks_woocommerce_source: {
    parameters: {
      query?: never;
      header?: {
        /** @description What it is about */
        "X-WC-Webhook-Topic"?: string | null;
        /** @description Base64 of the HMAC-SHA256 over the body */
        "X-WC-Webhook-Signature"?: string | null;
        /** @description Id of the delivery */
        "X-WC-Webhook-Delivery-ID"?: string | null;
      };
      path: {
        /** @description Name of the source */
        source: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": unknown;
      };
    };
    responses: {
      /** @description Done */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WebhookAnswer"];
        };
      };
      /** @description A parameter or the body cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description No valid key or session */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description The body does not say what is needed */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description Too many requests; `Retry-After` says when to come back */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description A defect of the server */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
      /** @description An error */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["ProblemBody"];
        };
      };
    };
  };
}
