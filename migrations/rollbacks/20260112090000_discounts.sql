-- Loses the discounts that were set since; none is lost as long as all are 0.
alter table products drop column discount_percent;
