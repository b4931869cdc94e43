-- Identified customers with two or more purchases / identified customers.
select
  sum(case when purchases >= 2 then 1 else 0 end) as numerator,
  count(*) as denominator
from customers
where identified
