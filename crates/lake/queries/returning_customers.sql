-- Customers ordering from $from to $until, and those of them who had ordered before $from.
select
  sum(case when first_order_date < $from then 1 else 0 end) as numerator,
  count(*) as denominator
from (
  select o.person, c.first_order_date
  from order_values o
  join customers c on c.person = o.person
  where o.is_order and o.local_date between $from and $until
  group by o.person, c.first_order_date
) as ordering
