-- What the rules are asked over: the tables, and what of several tables belongs to one credit or one applicant.
CREATE VIEW application AS
SELECT * EXCLUDE (TARGET) FROM application_train UNION ALL BY NAME SELECT * FROM application_test;

CREATE VIEW cash_application AS
SELECT *, count(*) OVER (PARTITION BY AMT_GOODS_PRICE) AS of_price,
       count(*) OVER (PARTITION BY AMT_GOODS_PRICE, AMT_CREDIT, AMT_ANNUITY) AS of_tariff
FROM application WHERE NAME_CONTRACT_TYPE = 'Cash loans' AND AMT_GOODS_PRICE IS NOT NULL AND AMT_ANNUITY IS NOT NULL;

CREATE VIEW place AS
SELECT *, mode(REGION_RATING_CLIENT) OVER (PARTITION BY REGION_POPULATION_RELATIVE) AS usual_rating FROM application;

CREATE VIEW balance AS
SELECT *, lag(STATUS) OVER loan AS before, lag(MONTHS_BALANCE) OVER loan AS month_before
FROM bureau_balance WINDOW loan AS (PARTITION BY SK_ID_BUREAU ORDER BY MONTHS_BALANCE);

CREATE VIEW loan_months AS
SELECT SK_ID_BUREAU, min(MONTHS_BALANCE) AS first_month, max(MONTHS_BALANCE) AS last_month, count(*) AS n_months,
       max(CASE WHEN STATUS IN ('1', '2', '3', '4', '5') THEN CAST(STATUS AS INTEGER) ELSE 0 END) AS worst,
       arg_max(STATUS, MONTHS_BALANCE) AS last_status,
       max(CASE WHEN STATUS IN ('0', '1', '2', '3', '4', '5') THEN MONTHS_BALANCE END) AS last_open
FROM bureau_balance GROUP BY SK_ID_BUREAU;

CREATE VIEW loan AS SELECT * FROM bureau JOIN loan_months USING (SK_ID_BUREAU);

CREATE VIEW debtor AS
SELECT SK_ID_CURR, any_value(AMT_INCOME_TOTAL) AS income, sum(AMT_CREDIT_SUM_DEBT) AS debt, count(*) AS n_active
FROM bureau JOIN application USING (SK_ID_CURR) WHERE CREDIT_ACTIVE = 'Active' GROUP BY SK_ID_CURR;

CREATE VIEW request AS
SELECT *, row_number() OVER (PARTITION BY SK_ID_CURR ORDER BY DAYS_DECISION, SK_ID_PREV) AS place,
       count(*) OVER (PARTITION BY SK_ID_CURR, DAYS_DECISION) AS of_day,
       min(WEEKDAY_APPR_PROCESS_START) OVER (PARTITION BY SK_ID_CURR, DAYS_DECISION)
       = max(WEEKDAY_APPR_PROCESS_START) OVER (PARTITION BY SK_ID_CURR, DAYS_DECISION) AS one_weekday,
       coalesce(sum(CAST(NAME_CONTRACT_STATUS = 'Approved' AS INTEGER)) OVER (
           PARTITION BY SK_ID_CURR ORDER BY DAYS_DECISION RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
       AS approved_before
FROM previous_application;

CREATE VIEW repaid AS
SELECT *, (AMT_ANNUITY * CNT_PAYMENT / AMT_CREDIT - 1) * 24 / (CNT_PAYMENT + 1) AS flat_rate
FROM previous_application WHERE AMT_CREDIT > 0 AND CNT_PAYMENT > 0 AND AMT_ANNUITY > 0;

CREATE VIEW dated AS
SELECT SK_ID_PREV, SK_ID_CURR, NAME_CONTRACT_TYPE, DAYS_DECISION, CNT_PAYMENT, AMT_ANNUITY, AMT_CREDIT,
       nullif(DAYS_FIRST_DRAWING, 365243) AS drawn, nullif(DAYS_FIRST_DUE, 365243) AS first_due,
       nullif(DAYS_LAST_DUE, 365243) AS last_due, nullif(DAYS_LAST_DUE_1ST_VERSION, 365243) AS planned,
       nullif(DAYS_TERMINATION, 365243) AS ended
FROM previous_application WHERE NAME_CONTRACT_STATUS = 'Approved';

CREATE VIEW contact AS
SELECT SK_ID_CURR, any_value(DAYS_LAST_PHONE_CHANGE) AS phone, any_value(application.WEEKDAY_APPR_PROCESS_START) AS weekday,
       min(abs(DAYS_LAST_PHONE_CHANGE - DAYS_DECISION)) AS apart
FROM application JOIN previous_application USING (SK_ID_CURR) GROUP BY SK_ID_CURR;

CREATE VIEW weekday AS
SELECT (list_position(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'], p.WEEKDAY_APPR_PROCESS_START)
        - list_position(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'], a.WEEKDAY_APPR_PROCESS_START)
        - CAST(p.DAYS_DECISION AS INTEGER) + 7000) % 7 AS shift
FROM previous_application p JOIN application a USING (SK_ID_CURR);

CREATE VIEW pos AS
SELECT *, lag(CNT_INSTALMENT_FUTURE) OVER loan AS left_before, lag(SK_DPD) OVER loan AS dpd_before,
       lag(MONTHS_BALANCE) OVER loan AS month_before, lag(NAME_CONTRACT_STATUS) OVER loan AS before
FROM POS_CASH_balance WINDOW loan AS (PARTITION BY SK_ID_PREV ORDER BY MONTHS_BALANCE);

CREATE VIEW pos_of AS
SELECT p.*, d.DAYS_DECISION, d.CNT_PAYMENT, d.first_due, d.last_due, d.ended, d.NAME_CONTRACT_TYPE
FROM POS_CASH_balance p JOIN dated d USING (SK_ID_PREV);

CREATE VIEW pos_loan AS
SELECT SK_ID_PREV, min(p.MONTHS_BALANCE) AS first_month, max(p.MONTHS_BALANCE) AS last_month, any_value(DAYS_DECISION) AS decided,
       any_value(ended) AS ended, any_value(last_due) AS last_due, any_value(first_due) AS first_due,
       bool_or(NAME_CONTRACT_STATUS = 'Completed') AS completed, max(SK_DPD) AS dpd, max(CNT_INSTALMENT) AS term,
       any_value(CNT_PAYMENT) AS planned
FROM pos_of p GROUP BY SK_ID_PREV;

CREATE VIEW pos_applicant AS
SELECT p.SK_ID_CURR, count(DISTINCT l.last_month) AS n_last, count(*) AS n
FROM pos_loan l JOIN dated p USING (SK_ID_PREV) WHERE l.ended IS NULL AND p.last_due IS NULL GROUP BY p.SK_ID_CURR HAVING count(*) > 1;

CREATE VIEW payment AS
SELECT i.*, d.DAYS_DECISION, d.CNT_PAYMENT, d.AMT_ANNUITY AS annuity, d.first_due, d.last_due, d.ended, d.NAME_CONTRACT_TYPE
FROM installments_payments i JOIN dated d USING (SK_ID_PREV);

CREATE VIEW card AS
SELECT *, lag(AMT_BALANCE) OVER loan AS owed_before, lag(SK_DPD) OVER loan AS dpd_before, lag(MONTHS_BALANCE) OVER loan AS month_before,
       lag(CNT_INSTALMENT_MATURE_CUM) OVER loan AS mature_before, lag(AMT_INST_MIN_REGULARITY) OVER loan AS least_before,
       lag(NAME_CONTRACT_STATUS) OVER loan AS before, lag(AMT_CREDIT_LIMIT_ACTUAL) OVER loan AS limit_before
FROM credit_card_balance WINDOW loan AS (PARTITION BY SK_ID_PREV ORDER BY MONTHS_BALANCE);

CREATE VIEW card_of AS
SELECT SK_ID_PREV, min(c.MONTHS_BALANCE) AS first_month, max(c.MONTHS_BALANCE) AS last_month, max(c.AMT_BALANCE) AS most, max(SK_DPD) AS dpd,
       max(c.AMT_CREDIT_LIMIT_ACTUAL) AS highest, min(CASE WHEN c.AMT_DRAWINGS_CURRENT > 0 THEN c.MONTHS_BALANCE END) AS first_drawn,
       max(CASE WHEN c.AMT_BALANCE > 0 THEN c.MONTHS_BALANCE END) AS last_owed, any_value(d.DAYS_DECISION) AS decided,
       any_value(d.drawn) AS drawn, any_value(d.ended) AS ended, any_value(d.AMT_CREDIT) AS granted, any_value(d.first_due) AS first_due
FROM credit_card_balance c JOIN dated d USING (SK_ID_PREV) GROUP BY SK_ID_PREV;
