-- Value per customer from the largest down.
select customer, $value as value, row_number() over (order by $value desc, person) as position
from customers
order by position
