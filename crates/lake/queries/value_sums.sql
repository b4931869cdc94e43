-- Value on the chosen basis: of all orders of the period, per customer, and of their last 12 and 24 months.
select
  count(*) as orders,
  count(distinct person) as customers,
  sum($value) as value,
  sum(case when local_date > $months_12 then $value else 0 end) as value_12m,
  sum(case when local_date > $months_24 then $value else 0 end) as value_24m
from order_values
where is_order and local_date between $from and $until
